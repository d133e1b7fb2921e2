//! Names of made-up people and companies.

pub(super) const SELLER: &str = "Fernhollow";
pub(super) const SELLER_DOMAIN: &str = "fernhollow.example";

/// Name, domain label and industry of the buyers.
pub(super) const COMPANIES: [(&str, &str, &str); 50] = [
    ("Ardenne Logistics", "ardenne-logistics", "logistics"),
    ("Baltic Timber", "baltic-timber", "manufacturing"),
    ("Brightwater Foods", "brightwater", "food"),
    ("Calder Precision", "calder-precision", "manufacturing"),
    ("Castellan Health", "castellan-health", "healthcare"),
    ("Cobalt Harbour", "cobalt-harbour", "shipping"),
    ("Corvid Outdoor", "corvid-outdoor", "retail"),
    ("Dovecote Hotels", "dovecote", "hospitality"),
    ("Eastgate Builders", "eastgate-builders", "construction"),
    ("Elmfield Pharma", "elmfield", "pharmaceuticals"),
    ("Fairlight Energy", "fairlight", "energy"),
    ("Foxglove Cosmetics", "foxglove", "consumer goods"),
    ("Glasshouse Media", "glasshouse", "media"),
    ("Granite Peak Mining", "granite-peak", "mining"),
    ("Halvorsen Marine", "halvorsen-marine", "shipping"),
    ("Harrow Street Bank", "harrow-street", "financial services"),
    ("Helix Instruments", "helix-instruments", "medical devices"),
    ("Ironbridge Steel", "ironbridge-steel", "manufacturing"),
    ("Juniper Lane Stores", "juniper-lane", "retail"),
    ("Kestrel Aviation", "kestrel-aviation", "aviation"),
    ("Kingsley Textiles", "kingsley-textiles", "textiles"),
    ("Lakeside Insurance", "lakeside-insurance", "insurance"),
    ("Lantern Software", "lantern-software", "software"),
    ("Linden Automotive", "linden-automotive", "automotive"),
    ("Marlow Dairies", "marlow-dairies", "food"),
    ("Meridian Clinics", "meridian-clinics", "healthcare"),
    ("Millrace Paper", "millrace-paper", "manufacturing"),
    ("Montrose Chemicals", "montrose-chemicals", "chemicals"),
    ("Northbank Freight", "northbank-freight", "logistics"),
    ("Oakhurst Furniture", "oakhurst", "furniture"),
    ("Orchard Telecom", "orchard-telecom", "telecommunications"),
    ("Pinecrest Schools", "pinecrest-schools", "education"),
    ("Polder Agri", "polder-agri", "agriculture"),
    ("Quarry Hill Cement", "quarry-hill", "construction"),
    ("Redwater Utilities", "redwater", "utilities"),
    ("Rivertown Brewing", "rivertown", "beverages"),
    ("Saltmarsh Seafood", "saltmarsh", "food"),
    ("Sable Electronics", "sable-electronics", "electronics"),
    ("Silverbirch Care", "silverbirch", "healthcare"),
    ("Stonebridge Rail", "stonebridge-rail", "transport"),
    ("Summit Sportswear", "summit-sportswear", "retail"),
    ("Tamarind Spices", "tamarind", "food"),
    ("Thistle Packaging", "thistle-packaging", "packaging"),
    ("Trident Tools", "trident-tools", "manufacturing"),
    ("Vale Property", "vale-property", "real estate"),
    ("Verity Labs", "verity-labs", "life sciences"),
    ("Westering Travel", "westering", "travel"),
    ("Whitlock Legal", "whitlock", "professional services"),
    ("Wren Robotics", "wren-robotics", "robotics"),
    ("Zephyr Cycles", "zephyr-cycles", "consumer goods"),
];

pub(super) const FIRST_NAMES: [&str; 48] = [
    "Adele", "Alan", "Amara", "Anton", "Bridget", "Carlos", "Cecilia", "Clara", "Daniel", "Deepa",
    "Edith", "Elena", "Emil", "Esther", "Felix", "Frank", "Greta", "Hugo", "Ines", "Ivan", "Joan",
    "Julian", "Keiko", "Lars", "Laura", "Lucas", "Magda", "Maya", "Miles", "Nadia", "Nils", "Olga",
    "Paula", "Pedro", "Quentin", "Rosa", "Ruth", "Samir", "Sonia", "Stefan", "Tara", "Theo",
    "Ulla", "Victor", "Wanda", "Xavier", "Yasmin", "Zoe",
];

pub(super) const LAST_NAMES: [&str; 40] = [
    "Abbott", "Ahmadi", "Bauer", "Becker", "Castro", "Chandra", "Costa", "Dalton", "Dubois",
    "Eriksen", "Farrell", "Fischer", "Garcia", "Grant", "Hansen", "Hughes", "Ivanov", "Jansen",
    "Kaur", "Keller", "Larsen", "Lopez", "Martin", "Meyer", "Nakamura", "Novak", "Okafor", "Olsen",
    "Patel", "Petrov", "Quinn", "Reyes", "Rossi", "Sato", "Schulz", "Silva", "Turner", "Vargas",
    "Weber", "Young",
];

/// First names of the people who sign; the scripts say "he" of them.
pub(super) const SIGNERS: [&str; 10] = [
    "Martin", "Robert", "Henrik", "George", "Paolo", "David", "Klaus", "Simon", "Andrew", "Ravi",
];

pub(super) const BUYER_TITLES: [&str; 8] = [
    "Head of Finance",
    "Finance Director",
    "VP Operations",
    "Head of Shared Services",
    "Financial Controller",
    "Director of Procurement",
    "Head of Business Systems",
    "COO",
];

/// Departments, with the title of who runs them.
pub(super) const AREAS: [(&str, &str); 7] = [
    ("purchasing", "Head of Purchasing"),
    ("controlling", "Head of Controlling"),
    ("logistics", "Logistics Manager"),
    ("treasury", "Treasurer"),
    ("accounts payable", "AP Manager"),
    ("customer service", "Customer Service Manager"),
    ("internal audit", "Head of Internal Audit"),
];

pub(super) const COMPETITORS: [&str; 4] = ["Brightledger", "Paymoor", "Corvane", "Ledgerworth"];

pub(super) const ERPS: [&str; 5] = ["SAP", "NetSuite", "Dynamics", "Sage", "Oracle"];

pub(super) const CITIES: [&str; 12] = [
    "Hamburg",
    "Leeds",
    "Denver",
    "Lyon",
    "Rotterdam",
    "Austin",
    "Gothenburg",
    "Milan",
    "Dublin",
    "Portland",
    "Vienna",
    "Porto",
];
