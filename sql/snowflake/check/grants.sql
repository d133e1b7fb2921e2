-- What the role may do with what.
SHOW GRANTS TO ROLE {role}
