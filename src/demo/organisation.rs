//! Who works at the example's container terminal, and what there is to be able to do. Pure data.

/// `.example` is reserved (RFC 2606): no real person has such an address.
pub const PEOPLE_DOMAIN: &str = "harbour.example";

pub const ADMINISTRATOR: &str = "Ingrid Halvorsen";
pub const SHOWN_LEAD: &str = "Marek Nowak";
pub const SHOWN_MEMBER: &str = "Aisha Rahman";
pub const VIEWER: &str = "Tomás Rivera";

pub struct Team {
    pub name: &'static str,
    /// How much of their work each category is, from 0 to 1, in the order of `CATEGORIES`.
    pub familiarity: [f64; 8],
    /// Name and title; the first one leads.
    pub people: &'static [(&'static str, &'static str, Seniority)],
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Seniority {
    Apprentice,
    Skilled,
    Senior,
    Lead,
}
use Seniority::{Apprentice, Lead, Senior, Skilled};

pub struct Category {
    pub name: &'static str,
    pub scale: &'static str,
    /// Name and description.
    pub skills: &'static [(&'static str, &'static str)],
}

/// The person's address: first and last name in plain letters.
pub fn email(name: &str) -> String {
    let letters = name.to_lowercase();
    let user: String = letters.chars().filter_map(plain_letter).collect();
    format!("{user}@{PEOPLE_DOMAIN}")
}

fn plain_letter(letter: char) -> Option<char> {
    Some(match letter {
        'a'..='z' | '-' => letter,
        ' ' => '.',
        'á' | 'ã' | 'å' | 'ä' => 'a',
        'é' | 'ê' | 'è' => 'e',
        'í' | 'ı' => 'i',
        'ń' => 'n',
        'ó' | 'ö' | 'ø' => 'o',
        'ú' | 'ü' => 'u',
        _ => return None,
    })
}

pub const TEAMS: [Team; 5] = [
    Team {
        name: "Terminal Operations",
        familiarity: [0.80, 0.95, 0.25, 0.85, 0.25, 0.15, 0.25, 0.60],
        people: &[
            ("Greta Lindqvist", "Head of terminal operations", Lead),
            ("Aarav Mehta", "Crane operator", Senior),
            ("Bianca Rossi", "Crane operator", Skilled),
            ("Cormac Doyle", "Crane operator", Skilled),
            ("Daniela Petrova", "Straddle carrier driver", Skilled),
            ("Emeka Okafor", "Straddle carrier driver", Senior),
            ("Femke de Boer", "Yard planner", Senior),
            ("Gustavo Silva", "Berth planner", Skilled),
            ("Hana Kimura", "Berth planner", Senior),
            ("Ilse Brandt", "Gate coordinator", Skilled),
            ("Jonas Weber", "Lashing foreman", Senior),
            ("Katya Ivanova", "Reach stacker driver", Skilled),
            ("Liam O'Connor", "Terminal tractor driver", Skilled),
            ("Mei-Ling Chen", "Stowage planner", Senior),
            ("Noah Fischer", "Apprentice, port logistics", Apprentice),
            ("Olu Adeyemi", "Mooring foreman", Senior),
        ],
    },
    Team {
        name: "Plant Maintenance",
        familiarity: [0.85, 0.50, 1.00, 0.25, 0.05, 0.35, 0.35, 0.50],
        people: &[
            (SHOWN_LEAD, "Head of maintenance", Lead),
            (SHOWN_MEMBER, "Electrician", Skilled),
            ("Bruno Keller", "Hydraulics fitter", Senior),
            ("Chloé Martin", "Mechatronics technician", Skilled),
            ("Dmitri Sokolov", "Crane mechanic", Senior),
            ("Elena García", "PLC engineer", Senior),
            ("Finn Hansen", "Welder", Skilled),
            ("Gözde Yılmaz", "Reliability engineer", Senior),
            ("Hugo Almeida", "Diesel mechanic", Skilled),
            ("Inês Carvalho", "Apprentice, mechatronics", Apprentice),
            ("Jakub Zieliński", "High-voltage technician", Senior),
            ("Kofi Mensah", "Crane mechanic", Skilled),
            ("Lotte Janssen", "Maintenance planner", Skilled),
            ("Mikkel Sørensen", "Rope inspector", Senior),
        ],
    },
    Team {
        name: "Customer Support",
        familiarity: [0.40, 0.05, 0.00, 0.60, 1.00, 0.40, 0.20, 0.90],
        people: &[
            ("Priya Nair", "Head of customer support", Lead),
            ("Antoine Dubois", "Key-account adviser", Senior),
            ("Beatriz Costa", "Support agent", Skilled),
            ("Carlos Ortega", "Claims handler", Skilled),
            ("Dana Novak", "Support agent", Skilled),
            ("Esther Boateng", "Billing specialist", Senior),
            ("Frida Nilsson", "Support agent", Skilled),
            ("Giulia Conti", "Claims handler", Senior),
            ("Henrik Dahl", "Customs adviser", Senior),
            ("Imani Njoroge", "Support agent", Skilled),
            ("Joost van Dijk", "Booking specialist", Skilled),
            ("Karolina Mazur", "Apprentice, shipping agent", Apprentice),
        ],
    },
    Team {
        name: "IT and Systems",
        familiarity: [0.40, 0.10, 0.20, 0.40, 0.40, 1.00, 0.15, 0.70],
        people: &[
            ("Tariq Aziz", "Head of systems", Lead),
            (ADMINISTRATOR, "Systems administrator", Senior),
            ("Ana Souza", "Database administrator", Senior),
            ("Ben Carter", "Network engineer", Skilled),
            ("Cleo Papadaki", "Software developer", Skilled),
            ("David Cohen", "Linux administrator", Senior),
            ("Eva Horváth", "EDI specialist", Skilled),
            ("Farid Haddad", "Service desk agent", Skilled),
            ("Grace Mwangi", "Monitoring engineer", Skilled),
            ("Yuki Tanaka", "Terminal systems analyst", Senior),
        ],
    },
    Team {
        name: "Occupational Health",
        familiarity: [0.70, 0.10, 0.10, 0.25, 0.40, 0.30, 1.00, 0.80],
        people: &[
            ("Helena Vogel", "Occupational physician", Lead),
            ("Amara Diallo", "Occupational nurse", Senior),
            ("Björn Eriksson", "Safety engineer", Senior),
            ("Camille Laurent", "Physiotherapist", Skilled),
            ("Dorothea Klein", "Occupational nurse", Skilled),
            ("Edwin Osei", "Safety officer", Skilled),
            ("Fiona MacLeod", "Practice assistant", Skilled),
            (VIEWER, "Liaison of the port authority", Skilled),
        ],
    },
];

pub const CATEGORIES: [Category; 8] = [
    Category {
        name: "Certificates and licences",
        scale: "Yes/No",
        skills: &[
            ("First aider", "Sixteen hours of training, refreshed every two years."),
            ("Fire warden", "Clears a building and reports to the fire brigade."),
            ("Forklift licence", "May drive counterbalance trucks up to eight tonnes."),
            ("Crane licence", "May operate ship-to-shore and gantry cranes."),
            ("Dangerous goods (IMDG)", "May accept, segregate and release dangerous cargo."),
            ("Working at height", "May work on booms and container stacks with a harness."),
            ("Confined space entry", "May enter tanks and holds, with a second person outside."),
            ("High-voltage switching", "May switch and earth systems above 1 kV."),
            ("VHF radio operator", "May use the marine radio on port channels."),
            ("Secure area pass", "Background check for the customs and security zone."),
        ],
    },
    Category {
        name: "Terminal equipment",
        scale: "ILUO",
        skills: &[
            ("Ship-to-shore crane", "Loads and discharges vessels within the planned moves per hour."),
            ("Rubber-tyred gantry", "Stacks and shuffles containers in the import yard."),
            ("Straddle carrier", "Carries containers between quay and stack."),
            ("Reach stacker", "Handles containers in the rail yard and the repair area."),
            ("Terminal tractor", "Drives trailers on the terminal's one-way system."),
            ("Empty-container handler", "Stacks empties seven high."),
            ("Lashing platform", "Sets and releases twist locks and lashing bars."),
            ("Reefer racks", "Plugs in, checks and records refrigerated containers."),
            ("Weighbridge", "Weighs and certifies verified gross mass."),
            ("Mooring winch", "Makes vessels fast and lets them go."),
        ],
    },
    Category {
        name: "Plant maintenance",
        scale: "ILUO",
        skills: &[
            ("Hydraulics", "Finds leaks, changes hoses and cylinders, sets pressures."),
            ("Pneumatics", "Keeps compressed air dry and its valves working."),
            ("Electric drives", "Sets up and repairs frequency converters and motors."),
            ("PLC fault finding", "Reads programs online and finds the input that is missing."),
            ("Welding (MAG)", "Welds structural steel to drawing."),
            ("Wire rope inspection", "Judges ropes by ISO 4309 and decides on discarding them."),
            ("Bearings and alignment", "Fits bearings and aligns shafts by laser."),
            ("Spreader overhaul", "Takes a spreader apart and returns it tested."),
            ("Diesel engines", "Services and repairs engines of carriers and tractors."),
            ("Lubrication rounds", "Knows every grease point, and when it was served last."),
        ],
    },
    Category {
        name: "Planning and flow",
        scale: "0–4",
        skills: &[
            ("Berth planning", "Gives each vessel a berth, a time and cranes."),
            ("Yard planning", "Decides where containers stand, so that few are moved twice."),
            ("Stowage plans", "Reads and makes bay plans."),
            ("Gate appointments", "Spreads lorries over the day."),
            ("Rail loading", "Plans wagons by weight and destination."),
            ("Customs declarations", "Knows what has to be declared, and when."),
            ("Shift handover", "Hands a shift over so that nothing falls between two."),
            ("Incident command", "Leads when something has gone wrong."),
            ("Terminal statistics", "Reads moves per hour, dwell time and turn time."),
            ("Peak-season staffing", "Plans shifts for the weeks before Christmas."),
        ],
    },
    Category {
        name: "Customer service",
        scale: "Dreyfus 1–5",
        skills: &[
            ("Phone and mail triage", "Finds out what a caller needs, and who can help."),
            ("Claims handling", "Settles damage claims fairly and within the time limit."),
            ("Tracking enquiries", "Finds a container, whatever number the customer has."),
            ("Tariffs and invoicing", "Explains an invoice line by line."),
            ("De-escalation", "Stays calm, and calms others."),
            ("Complaint letters", "Writes answers that end a matter."),
            ("Key-account reviews", "Prepares and leads the quarterly review."),
            ("Booking amendments", "Changes bookings without losing a slot."),
            ("Knowledge base", "Writes articles that save the next call."),
            ("Dangerous cargo enquiries", "Knows when to ask the safety team."),
        ],
    },
    Category {
        name: "Systems and data",
        scale: "Dreyfus 1–5",
        skills: &[
            ("Terminal operating system", "Configures and supports the system that runs the yard."),
            ("SQL", "Writes and tunes queries."),
            ("Linux servers", "Installs, patches and repairs servers."),
            ("Networks", "Runs switches, wireless on the quay and the links between sites."),
            ("Backups and restores", "Restores on the test system every month."),
            ("EDI messages", "Reads BAPLIE and COPRAR, and finds the segment that is wrong."),
            ("Monitoring and alerting", "Builds alerts that are worth waking up for."),
            ("Python scripting", "Automates what is done by hand twice."),
            ("Identity and access", "Gives people what they need, and takes it back."),
            ("Spreadsheets", "Builds sheets that others can follow."),
        ],
    },
    Category {
        name: "Health and safety",
        scale: "0–4",
        skills: &[
            ("Emergency response", "Leads the first minutes of a medical emergency."),
            ("Risk assessment", "Sees what could go wrong, and writes down what prevents it."),
            ("Audiometry", "Tests hearing and explains the result."),
            ("Spirometry", "Tests lungs of welders and painters."),
            ("Vaccination", "Advises and vaccinates."),
            ("Ergonomics", "Fits cabs and desks to the people in them."),
            ("Return-to-work plans", "Brings people back step by step."),
            ("Accident investigation", "Finds causes instead of culprits."),
            ("Wound care", "Cleans, closes and dresses wounds."),
            ("Mental-health first aid", "Notices, asks, listens and refers."),
        ],
    },
    Category {
        name: "Working together",
        scale: "0–4",
        skills: &[
            ("English", "The language of vessels and manuals."),
            ("German", "For inland carriers and authorities."),
            ("Polish", "For lorry drivers and two of our suppliers."),
            ("Spanish", "For lines from South America."),
            ("Mandarin", "For lines from East Asia."),
            ("Coaching newcomers", "Teaches patiently, on the job."),
            ("Presenting", "Explains to a room, and answers its questions."),
            ("Facilitating workshops", "Leads a group to a decision that lasts."),
            ("Plain writing", "Writes what people understand at first reading."),
            ("Project planning", "Cuts a large thing into small ones, in the right order."),
        ],
    },
];
