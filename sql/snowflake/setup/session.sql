-- What is below is for the schema's owner. Whoever runs it needs that role: GRANT ROLE {owner_role} TO USER … .
USE ROLE {owner_role};
USE WAREHOUSE {warehouse};
USE SCHEMA {database}.{schema};
