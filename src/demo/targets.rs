//! What the example organisation asks for: its job roles, who has them, and targets of which some are met, some nearly,
//! and some hang on a single person. Pure data; `model` writes it.

pub mod model;

/// Whom a target is for.
#[derive(Clone, Copy, Debug)]
pub enum Whom {
    Everybody,
    Team(&'static str),
    JobRole(&'static str),
}
use Whom::{Everybody, JobRole, Team};

/// A job role, and the names of those who have it.
pub const JOB_ROLES: [(&str, &[&str]); 8] = [
    ("Crane operator", &["Aarav Mehta", "Bianca Rossi", "Cormac Doyle"]),
    ("Carrier driver", &["Daniela Petrova", "Emeka Okafor", "Katya Ivanova", "Liam O'Connor"]),
    ("Planner", &["Femke de Boer", "Gustavo Silva", "Hana Kimura", "Mei-Ling Chen"]),
    ("Mechanic", &["Bruno Keller", "Chloé Martin", "Dmitri Sokolov", "Hugo Almeida", "Kofi Mensah"]),
    ("Electrician", &["Aisha Rahman", "Elena García", "Jakub Zieliński"]),
    ("Support agent", &["Beatriz Costa", "Dana Novak", "Frida Nilsson", "Imani Njoroge"]),
    ("Systems on call", &["Ana Souza", "Ben Carter", "David Cohen", "Ingrid Halvorsen"]),
    // Across the teams, beside what people do otherwise.
    ("First responder", &["Amara Diallo", "Dana Novak", "Edwin Osei", "Jonas Weber", "Kofi Mensah", "Yuki Tanaka"]),
];

/// For whom, which skill, at which level; and of how many of them at least, or of all.
pub const TARGETS: [(Whom, &str, &str, Option<i64>); 50] = [
    (Everybody, "Secure area pass", "Yes", None),
    (Everybody, "English", "2", None),
    (Everybody, "First aider", "Yes", Some(8)),
    (Everybody, "Mandarin", "3", Some(2)),
    (Team("Terminal Operations"), "Shift handover", "2", None),
    (Team("Terminal Operations"), "Dangerous goods (IMDG)", "Yes", Some(4)),
    (Team("Terminal Operations"), "Ship-to-shore crane", "O", Some(8)),
    (Team("Terminal Operations"), "Reefer racks", "U", Some(6)),
    (Team("Terminal Operations"), "Weighbridge", "O", Some(4)),
    (Team("Terminal Operations"), "Incident command", "4", Some(2)),
    (Team("Terminal Operations"), "Berth planning", "4", Some(2)),
    (Team("Terminal Operations"), "Mandarin", "4", Some(1)),
    (Team("Plant Maintenance"), "Lubrication rounds", "L", None),
    (Team("Plant Maintenance"), "High-voltage switching", "Yes", Some(4)),
    (Team("Plant Maintenance"), "Hydraulics", "O", Some(3)),
    (Team("Plant Maintenance"), "Wire rope inspection", "O", Some(4)),
    (Team("Plant Maintenance"), "PLC fault finding", "O", Some(6)),
    (Team("Plant Maintenance"), "Spreader overhaul", "O", Some(6)),
    (Team("Customer Support"), "Phone and mail triage", "3", None),
    (Team("Customer Support"), "Claims handling", "5", Some(3)),
    (Team("Customer Support"), "Tariffs and invoicing", "4", Some(4)),
    (Team("Customer Support"), "Dangerous cargo enquiries", "5", Some(2)),
    (Team("IT and Systems"), "Identity and access", "3", None),
    (Team("IT and Systems"), "Backups and restores", "5", Some(3)),
    (Team("IT and Systems"), "EDI messages", "5", Some(2)),
    (Team("IT and Systems"), "Networks", "5", Some(4)),
    (Team("IT and Systems"), "SQL", "5", Some(2)),
    (Team("Occupational Health"), "Emergency response", "3", None),
    (Team("Occupational Health"), "Audiometry", "4", Some(5)),
    (Team("Occupational Health"), "Spirometry", "3", Some(3)),
    (Team("Occupational Health"), "Vaccination", "4", Some(3)),
    (JobRole("Crane operator"), "Crane licence", "Yes", None),
    (JobRole("Crane operator"), "Working at height", "Yes", None),
    (JobRole("Crane operator"), "Ship-to-shore crane", "U", None),
    (JobRole("Crane operator"), "Rubber-tyred gantry", "U", None),
    (JobRole("Carrier driver"), "Straddle carrier", "U", None),
    (JobRole("Carrier driver"), "Terminal tractor", "L", None),
    (JobRole("Planner"), "Berth planning", "3", None),
    (JobRole("Planner"), "Yard planning", "3", None),
    (JobRole("Planner"), "Stowage plans", "3", None),
    (JobRole("Mechanic"), "Hydraulics", "U", None),
    (JobRole("Mechanic"), "Diesel engines", "U", None),
    (JobRole("Electrician"), "Electric drives", "U", None),
    (JobRole("Electrician"), "High-voltage switching", "Yes", None),
    (JobRole("Support agent"), "De-escalation", "4", None),
    (JobRole("Support agent"), "Tracking enquiries", "4", None),
    (JobRole("Systems on call"), "Monitoring and alerting", "4", None),
    (JobRole("Systems on call"), "Linux servers", "4", None),
    (JobRole("First responder"), "First aider", "Yes", None),
    (JobRole("First responder"), "Emergency response", "2", None),
];
