//! What the example organisation's skills have beside a name and a description: a branch of the tree, other names, tags,
//! and somebody who looks after them. Pure data.

/// What one skill has.
pub struct Label {
    pub skill: &'static str,
    /// A category below that of the skill; empty for none.
    pub branch: &'static str,
    pub aliases: &'static [&'static str],
    pub tags: &'static [&'static str],
    /// The name of a person.
    pub owner: &'static str,
}

const fn label(
    skill: &'static str,
    branch: &'static str,
    aliases: &'static [&'static str],
    tags: &'static [&'static str],
    owner: &'static str,
) -> Label {
    Label { skill, branch, aliases, tags, owner }
}

const MEDICINE: &str = "Occupational medicine";
const LANGUAGES: &str = "Languages";

pub const LABELS: [Label; 22] = [
    label("First aider", "", &["First responder"], &["Statutory", "Safety"], "Helena Vogel"),
    label("Fire warden", "", &["Fire marshal"], &["Statutory", "Safety"], "Björn Eriksson"),
    label("Forklift licence", "", &["Fork-lift truck", "FLT"], &["Statutory"], "Edwin Osei"),
    label("Crane licence", "", &[], &["Statutory"], "Greta Lindqvist"),
    label("Dangerous goods (IMDG)", "", &["Hazmat", "IMDG code"], &["Statutory", "Safety"], "Edwin Osei"),
    label("Working at height", "", &[], &["Safety"], "Björn Eriksson"),
    label("High-voltage switching", "", &["HV switching"], &["Statutory", "Safety"], "Jakub Zieliński"),
    label("Ship-to-shore crane", "", &["STS", "Quay crane"], &["Night shift"], "Aarav Mehta"),
    label("Rubber-tyred gantry", "", &["RTG"], &["Night shift"], "Aarav Mehta"),
    label("Hydraulics", "", &[], &[], "Bruno Keller"),
    label("PLC fault finding", "", &["Step 7", "S7"], &["Night shift"], "Elena García"),
    label("Welding (MAG)", "", &["GMAW", "MIG/MAG welding"], &["Hot work"], "Finn Hansen"),
    label("Wire rope inspection", "", &["Rope inspection"], &["Statutory"], "Mikkel Sørensen"),
    label("SQL", "", &["Databases"], &[], "Ana Souza"),
    label("Audiometry", MEDICINE, &["Hearing test"], &[], "Helena Vogel"),
    label("Spirometry", MEDICINE, &["Lung function test"], &[], "Helena Vogel"),
    label("Vaccination", MEDICINE, &[], &["Statutory"], "Amara Diallo"),
    label("English", LANGUAGES, &[], &["Night shift"], ""),
    label("German", LANGUAGES, &[], &[], ""),
    label("Polish", LANGUAGES, &[], &[], ""),
    label("Spanish", LANGUAGES, &[], &[], ""),
    label("Mandarin", LANGUAGES, &["Chinese"], &[], ""),
];
