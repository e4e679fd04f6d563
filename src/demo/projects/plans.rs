//! The projects of the example, as data: a line of quick add for each task, its status, when it was begun and last touched.

pub struct Plan {
    pub code: &'static str,
    pub name: &'static str,
    pub lead: &'static str,
    pub members: &'static [&'static str],
    pub description: &'static str,
    pub tasks: &'static [PlannedTask],
}

pub struct PlannedTask {
    pub line: &'static str,
    pub status: &'static str,
    pub begun_days_ago: i64,
    /// When it was done, or last touched.
    pub ended_days_ago: i64,
    pub description: &'static str,
    /// Who said what.
    pub said: &'static [(&'static str, &'static str)],
}

const fn task(line: &'static str, status: &'static str, begun_days_ago: i64, ended_days_ago: i64) -> PlannedTask {
    PlannedTask { line, status, begun_days_ago, ended_days_ago, description: "", said: &[] }
}

const BACKLOG: &str = "Backlog";
const TODO: &str = "To do";
const DOING: &str = "In progress";
const REVIEW: &str = "Review";
const DONE: &str = "Done";

pub const PLANS: [Plan; 3] = [
    Plan {
        code: "CRANE",
        name: "Overhaul of quay crane 3",
        lead: "Marek Nowak",
        members: &[
            "Aisha Rahman",
            "Bruno Keller",
            "Chloé Martin",
            "Dmitri Sokolov",
            "Ingrid Halvorsen",
            "Greta Lindqvist",
        ],
        description: "Quay crane 3 has run for **48,000 hours**. Before the spring peak it gets new ropes, a new trolley drive and a\nclean bill of health.\n\n- It stands still from the second week, so that everything else has to be ready by then.\n- The inspector comes on the last Friday. What is not done by then waits for a year.\n",
        tasks: &[
            task("Order hoist ropes, 4 × 320 m @marek.nowak !high #parts", DONE, 62, 48),
            task("Book the mobile crane for the boom work #logistics @greta.lindqvist", DONE, 60, 51),
            task("Measure the rail alignment @bruno.keller #inspection ~6h", DONE, 55, 47),
            task("Replace the anemometer @aisha.rahman #electrical ~3h", DONE, 52, 44),
            task("Grease analysis of the slew bearing @dmitri.sokolov #inspection", DONE, 50, 37),
            task("Draw up the lifting plan for the trolley @marek.nowak !urgent", DONE, 47, 33),
            task("Check the spreader's twist locks @chloe.martin #inspection ~4h", DONE, 41, 30),
            task("Overhaul the festoon trolleys @aisha.rahman #electrical", DONE, 38, 24),
            task("Update the firmware of the drive cabinets @aisha.rahman #electrical ~8h", DONE, 33, 17),
            task("Repaint the access ladders @dmitri.sokolov ~2d", DONE, 30, 12),
            task("Train two people on rope gauging @bruno.keller #people", DONE, 26, 9),
            task("Exchange the boom hinge bushings @bruno.keller #mechanical ~3d", DONE, 20, 5),
            task("Scaffold for the machine house #logistics @greta.lindqvist", DONE, 16, 2),
            PlannedTask {
                line: "Replace the hoist ropes @bruno.keller @dmitri.sokolov !urgent #mechanical ~4d due in 3 days",
                status: DOING,
                begun_days_ago: 14,
                ended_days_ago: 0,
                description: "Both drums, one after the other. The **old ropes stay on site** until the inspector has seen them.\n\n1. Secure the trolley at the park position\n2. Reeve with the pilot rope, at most 6 m/min\n3. Run in: 20 cycles without load, then 20 with 50 %\n\n| Drum | Rope | Batch |\n|---|---|---|\n| left | 32 mm, 8×K26WS | R-2291 |\n| right | 32 mm, 8×K26WS | R-2292 |\n",
                said: &[
                    (
                        "Bruno Keller",
                        "The left drum is through. The second reel has a bend at about 40 m; I sent pictures to the supplier.\n\n@marek.nowak can we live with it?",
                    ),
                    (
                        "Marek Nowak",
                        "No. They bring a new reel tomorrow before the early shift. Go on with the sheaves until then.",
                    ),
                    ("Dmitri Sokolov", "Sheaves 3 and 4 are at the wear limit anyway, so that fits."),
                ],
            },
            task("Align the trolley drive @aisha.rahman !high #electrical ~2d due tomorrow", DOING, 9, 1),
            task("Exchange sheaves 3 and 4 @dmitri.sokolov #mechanical ~1d due yesterday", DOING, 4, 0),
            task("Non-destructive test of the boom welds @chloe.martin !high #inspection due in 4 days", DOING, 11, 6),
            task("Wire the new anemometer into the control @aisha.rahman #electrical ~5h", REVIEW, 13, 3),
            task("Write the new rope record @bruno.keller #inspection ~2h", REVIEW, 8, 2),
            task("Load test with 110 % @marek.nowak @bruno.keller !urgent #inspection due in 9 days", TODO, 30, 15),
            task("Calibrate the overload protection @aisha.rahman !high #electrical ~6h due in 7 days", TODO, 22, 4),
            task("Check the storm anchors @dmitri.sokolov !medium #mechanical due in 6 days", TODO, 21, 16),
            task("Invite the inspector @marek.nowak !high due in 1 days", TODO, 19, 7),
            task("Instruct the operators on the new trolley @greta.lindqvist #people ~1d due in 11 days", TODO, 18, 17),
            task("Send the old ropes to the scrap yard #logistics !low", BACKLOG, 17, 17),
            task("Spare parts list for the trolley drive #parts @aisha.rahman !low", BACKLOG, 15, 15),
            task("Camera on the spreader: ask for two offers #electrical", BACKLOG, 29, 29),
            task("LED lights for the machine house #electrical !low", BACKLOG, 40, 35),
            task("Noise measurement in the operator's cab @chloe.martin !medium due in 20 days", BACKLOG, 12, 12),
        ],
    },
    Plan {
        code: "GATE",
        name: "Gate without paper",
        lead: "Greta Lindqvist",
        members: &["Ilse Brandt", "Femke de Boer", "Hana Kimura", "Aisha Rahman", "Marek Nowak", "Ingrid Halvorsen"],
        description: "Trucks come with an appointment and leave without a form. Pilot at lane 2, then all six.",
        tasks: &[
            task("Agree on the data for an appointment @femke.de.boer", DONE, 45, 36),
            task("Choose the cameras @hana.kimura #hardware", DONE, 43, 28),
            task("Pilot contract with three hauliers @greta.lindqvist !high", DONE, 39, 20),
            task("Lay fibre to lane 2 @aisha.rahman #hardware", DONE, 25, 11),
            task("Read plates at night and in rain @hana.kimura !high #hardware due in 2 days", DOING, 15, 1),
            task("Texts for drivers in six languages @ilse.brandt #people ~2d due yesterday", DOING, 10, 3),
            task("Barrier opens without the clerk @aisha.rahman #hardware ~3d due in 5 days", DOING, 8, 2),
            task("What happens when the network is down? @femke.de.boer !urgent due in 1 days", REVIEW, 12, 1),
            task("Train the gate clerks @ilse.brandt #people due in 12 days", TODO, 10, 10),
            task("Sign at the roundabout #hardware @greta.lindqvist !low due in 14 days", TODO, 9, 9),
            task("Measure the turn time before the pilot @femke.de.boer !high due in 3 days", TODO, 20, 16),
            task("Lanes 1 and 3 to 6: order the poles #hardware", BACKLOG, 8, 8),
            task("Empty containers without an appointment?", BACKLOG, 31, 31),
        ],
    },
    Plan {
        code: "ICE",
        name: "Ready for winter",
        lead: "Ingrid Halvorsen",
        members: &["Marek Nowak", "Aisha Rahman", "Jonas Weber", "Olu Adeyemi", "Dmitri Sokolov"],
        description: "What has to be done before the first frost, as every year.",
        tasks: &[
            task("Salt for 40 days @jonas.weber #stock", DONE, 28, 18),
            task("Winter tyres for the terminal tractors @dmitri.sokolov ~2d", DONE, 24, 8),
            task("Heating of the rail switches: test run @aisha.rahman !high #electrical due today", DOING, 7, 1),
            task("Empty the fire water pipes on pier B @olu.adeyemi !high due in 2 days", DOING, 5, 0),
            task("Rota for clearing snow @jonas.weber due in 4 days", TODO, 9, 9),
            task("Antifreeze in the straddle carriers @dmitri.sokolov !medium #stock due in 6 days", TODO, 8, 8),
            task("Ice cleats for the mooring crew @olu.adeyemi #stock !low", BACKLOG, 16, 16),
        ],
    },
];
