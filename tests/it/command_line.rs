//! The built program, as a shell runs it: what it prints, where, and with which exit code.

mod process;
mod soundness;

use process::{Folder, ServerProcess};

const PASSWORD: &str = "correct horse battery";

fn with_starting_data() -> Folder {
    let folder = Folder::new();
    folder.run(&["migrate"]).succeeds();
    folder.run(&["init-data"]).succeeds();
    folder
}

#[test]
fn an_empty_folder_becomes_an_installation() {
    let folder = Folder::new();
    folder.run(&["migrate"]).succeeds().prints("sqlite://quarterdeck.db");
    folder.run(&["init-db"]).succeeds();
    folder.run(&["init-data"]).succeeds();
    folder.run(&["init-data"]).succeeds();
    folder.run(&["create-admin", "ada@example.org", "Ada", PASSWORD]).succeeds().prints("ada@example.org");
    let token = folder.run(&["create-token", "ada@example.org", "reports", "--scope", "people.read"]).succeeds().out;
    assert!(token.starts_with("qd_") && token.lines().count() == 1, "{token}");
    folder.run(&["sessions", "list"]).succeeds().prints("PERSON");
    folder.run(&["sessions", "purge"]).succeeds();
}

#[test]
fn a_password_comes_from_standard_input_too() {
    let folder = with_starting_data();
    let arguments = ["create-admin", "ada@example.org", "Ada", "--password-stdin"];
    folder.run_with_input(&arguments, "correct horse battery\nnot part of it\n").succeeds();
    folder.run_with_input(&arguments, "short\n").fails_with("password: A password has 12 to 1000 characters.");
    folder.run_with_input(&arguments, "").fails_with("there was no password on standard input");
    folder.run(&arguments[..3]).fails_with("--password-stdin");
}

#[test]
fn a_file_is_previewed_taken_in_and_given_out_the_same() {
    let folder = with_starting_data();
    let head = "name,email,team,title,category,skill,level,interest,note,scale";
    let rows = [
        "Ann,ann@example.org,Yard,Welder,Metal,Brazing,0,3,,0–4",
        "Ann,ann@example.org,Yard,Welder,Metal,Welding,4,,Has taught it,0–4",
        "Bo,bo@example.org,Yard,Fitter,Metal,Welding,n/a,,,0–4",
    ];
    let lines: Vec<&str> = [head].into_iter().chain(rows).collect();
    let text = format!("{}\r\n", lines.join("\r\n"));
    std::fs::write(folder.path.join("ratings.csv"), &text).unwrap();
    let import = ["import", "ratings", "ratings.csv", "--scale", "0-4"];
    let preview = folder.run(&[&import[..], &["--dry-run"]].concat()).succeeds();
    preview.prints("Preview, nothing was written").prints("3 ratings");
    assert_eq!(folder.run(&["export", "ratings"]).succeeds().out.lines().count(), 1);
    folder.run(&import).succeeds().prints("Imported: 1 team, 2 people, 1 category, 2 skills, 3 ratings new");
    let written = folder.run(&["export", "ratings"]).succeeds().out;
    // After these come the details that nobody has told yet.
    let lines: Vec<&str> = written.trim_start_matches('\u{feff}').lines().collect();
    let details =
        ",own_level,confirmed_level,confirmed_by,confirmed_at,evidence,valid_until,suspended_until,suspension_reason";
    assert_eq!(lines[0], format!("{head}{details}"));
    assert_eq!(lines[1..], rows.map(|row| format!("{row},,,,,,,,")));
    let on_a_day = ["export", "ratings", "--as-of", "2001-01-01"];
    assert_eq!(folder.run(&on_a_day).succeeds().out.lines().count(), 1, "nothing was said then");
    folder.run(&["export", "people"]).succeeds().prints("Bo,bo@example.org,Yard,Fitter");
    folder.run(&["export", "skills", "--output", "skills.xlsx"]).succeeds();
    assert!(std::fs::read(folder.path.join("skills.xlsx")).unwrap().starts_with(b"PK"));
    assert!(!folder.path.join("skills.xlsx.part").exists());
    folder.run(&["import", "skills", "skills.xlsx"]).succeeds().prints("2 unchanged");
    folder.run(&["export", "ratings", "--form", "wide"]).succeeds().prints("Brazing,Welding");
}

#[test]
fn role_profiles_are_taken_in_from_a_file() {
    let folder = with_starting_data();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/role-profiles.csv");
    let import = ["import", "profiles", file];
    folder
        .run(&["import", "profiles", file, "--dry-run"])
        .succeeds()
        .prints("Preview, nothing was written: 2 profiles new");
    folder.run(&import).succeeds().prints("Imported: 2 profiles new");
    folder.run(&import).succeeds().prints("2 unchanged");
    folder.run(&["import", "profiles", file, "--scale", "0-4"]).fails_with("profiles have a scale of their own");
    std::fs::write(folder.path.join("bad.csv"), "role_code,role,skill,importance,level\n1,Cook,Knives,9,4\n").unwrap();
    let refused = folder.run(&["import", "profiles", "bad.csv"]);
    assert!(refused.err.contains("row 2, column “importance”: “9” is not a number from 1 to 5"), "{}", refused.err);
    assert_eq!(refused.err.lines().last(), Some("quarterdeck: bad.csv was not imported"));
}

#[test]
fn a_file_that_is_refused_changes_nothing() {
    let folder = with_starting_data();
    std::fs::write(folder.path.join("ratings.csv"), "name,email,skill,level\nAnn,ann@example.org,Welding,9\n").unwrap();
    let refused = folder.run(&["import", "ratings", "ratings.csv", "--scale", "ILUO"]);
    assert_eq!((refused.code, refused.out.as_str()), (Some(1), ""));
    assert!(refused.err.contains("row 2, column “level”"), "{}", refused.err);
    assert_eq!(refused.err.lines().last(), Some("quarterdeck: ratings.csv was not imported"));
    assert_eq!(folder.run(&["export", "people"]).succeeds().out.lines().count(), 1);
    folder.run(&["import", "ratings", "none.csv"]).fails_with("none.csv: No such file or directory");
    folder.run(&["import", "skill", "none.csv"]).misused("invalid value 'skill' for '<WHAT>'");
    folder.run(&["import", "ratings", "ratings.csv", "--scale", "stars"]).fails_with("stars");
    folder.run(&["export", "people", "--form", "wide"]).fails_with("--form is for ratings");
    folder.run(&["export", "people", "--as-of", "2001-01-01"]).fails_with("--as-of is for ratings");
    folder.run(&["export", "people", "--output", "no/such/people.csv"]).fails_with("no/such/people.csv: No such file");
}

#[test]
fn a_reader_that_goes_away_is_no_failure_but_a_full_disk_is() {
    let folder = with_starting_data();
    let (reader, nobody_reads) = std::io::pipe().unwrap();
    drop(reader);
    folder.run_into(nobody_reads, &["export", "skills"]).succeeds();
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    folder.run_into(full, &["export", "skills"]).fails_with("No space left on device");
}

#[test]
fn mistakes_are_told_in_one_line() {
    let folder = with_starting_data();
    folder.run(&["migrate", "--prot", "1"]).misused("unexpected argument '--prot' found; did you mean --port?");
    folder.run(&["migrat"]).misused("did you mean migrate");
    folder.run(&["create-admin", "ada@example.org"]).misused("<NAME>");
    folder.run(&["migrate", "--set", "http.prot=1"]).fails_with("config: http.prot: is not an option (from --set)");
    folder.run(&["server", "--port", "many"]).fails_with("http.port");
    folder.run(&["server", "--set", "plugins.enabled=wiki"]).fails_with("\"wiki\" is not a plugin; there are: ");
    folder.run(&["create-admin", "ada", "Ada", PASSWORD]).fails_with("email: That is not an e-mail address.");
    folder.run(&["create-token", "eve@example.org", "x"]).fails_with("Nobody has the address eve@example.org.");
    folder.run(&["sessions", "revoke", "7"]).fails_with("there is no session 7");
}

#[test]
fn a_missing_database_is_told_in_one_line_and_not_made() {
    let folder = Folder::new();
    let hint = "run `quarterdeck migrate` first";
    folder.run(&["create-token", "ada@example.org", "x"]).fails_with(hint);
    folder.run(&["worker", "--set", "database.migrate_on_start=false"]).fails_with(hint);
    folder.run(&["server", "--port", "0", "--set", "database.migrate_on_start=false"]).fails_with(hint);
    assert!(!folder.path.join("quarterdeck.db").exists());
    folder
        .run(&["migrate", "--set", "database.url=sqlite://no/such/folder/deck.db"])
        .fails_with("no/such/folder/deck.db");
    for url in ["postgres://deck:hunter2@127.0.0.1:1/deck", "mariadb://deck:hunter2@127.0.0.1:1/deck"] {
        let arguments = ["sessions", "list", "--set", &format!("database.url={url}")];
        let answer = folder.run(&arguments);
        answer.fails_with("the database cannot be reached").fails_with("deck:***@127.0.0.1:1/deck");
    }
}

#[test]
fn config_show_masks_secrets_and_tells_sources() {
    let folder = Folder::new();
    let secret = "0123456789012345678901234567890123456789";
    let variables = [("QUARTERDECK_SECRET", secret), ("DATABASE_URL", "postgres://deck:hunter2@db/deck")];
    let shown = folder.run_in(&variables, &["config", "show", "--port", "8001"]).succeeds().out;
    assert!(!shown.contains(secret) && !shown.contains("hunter2"), "{shown}");
    let line = |option: &str| {
        let line = shown.lines().find(|line| line.starts_with(option)).unwrap();
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(line("secret"), "secret *** QUARTERDECK_SECRET");
    assert_eq!(line("database.url"), "database.url postgres://deck:***@db/deck DATABASE_URL");
    assert_eq!(line("http.port"), "http.port 8001 --port");
    assert_eq!(line("http.bind"), "http.bind 127.0.0.1 default");
}

#[test]
fn the_demo_tells_its_log_ins_answers_and_cleans_up() {
    let folder = Folder::new();
    let server = ServerProcess::start(&folder, &["server", "--demo", "--port", "0"]);
    let log_ins: Vec<Vec<&str>> =
        server.printed.iter().filter_map(|line| line.strip_prefix("  ")).map(columns).collect();
    let roles: Vec<&str> = log_ins.iter().map(|columns| columns[0]).collect();
    assert_eq!(roles, ["administrator", "team lead", "member", "viewer"]);
    assert!(log_ins.iter().all(|columns| columns.len() == 3 && columns[1].contains('@') && columns[2].len() >= 12));
    assert!(server.url.starts_with("http://127.0.0.1:"), "{}", server.url);
    assert!(server.get("/healthz").starts_with("HTTP/1.1 200"));
    let numbers = server.get("/metrics");
    assert!(numbers.contains("/healthz"), "what came before the first look is counted too: {numbers}");
    assert_eq!(server.demo_folders().len(), 1);
    server.stop().succeeds();
    assert_eq!(std::fs::read_dir(folder.temporary()).unwrap().count(), 0);
    assert!(!folder.path.join("quarterdeck.db").exists());
}

/// As the browser tests read them: two spaces or more apart.
fn columns(line: &str) -> Vec<&str> {
    line.split("  ").map(str::trim).filter(|part| !part.is_empty()).collect()
}

#[test]
fn the_demo_is_for_this_machine_alone_and_for_no_data_of_others() {
    let folder = with_starting_data();
    folder.run(&["server", "--demo", "--bind", "0.0.0.0"]).fails_with("http.bind: 0.0.0.0").fails_with("(from --bind)");
    folder.run_in(&[("PORT", "0")], &["server", "--demo"]).fails_with("(from PORT)");
    folder.run(&["create-admin", "ada@example.org", "Ada", PASSWORD]).succeeds();
    let url = format!("database.url=sqlite://{}/quarterdeck.db", folder.path.display());
    folder.run(&["server", "--demo", "--port", "0", "--set", &url]).fails_with("holds people already");
}

#[test]
fn an_empty_installation_shows_its_set_up_link_and_a_used_one_does_not() {
    let folder = Folder::new();
    let server = ServerProcess::start(&folder, &["server", "--port", "0"]);
    let url = server.url.clone();
    let log = server.stop().succeeds().err;
    let link = log.split_whitespace().find(|word| word.contains("/setup/")).unwrap();
    assert!(link.starts_with(&format!("{url}/setup/")), "{log}");
    folder.run(&["create-admin", "ada@example.org", "Ada", PASSWORD]).succeeds();
    let server = ServerProcess::start(&folder, &["server", "--port", "0"]);
    let log = server.stop().succeeds().err;
    assert!(!log.contains("/setup/"), "{log}");
}

#[test]
fn a_port_in_use_is_told_in_the_last_line() {
    let folder = with_starting_data();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let answer = folder.run(&["server", "--port", &port]);
    assert_eq!(answer.code, Some(1));
    let last = answer.err.lines().last().unwrap();
    assert!(last.starts_with(&format!("quarterdeck: cannot listen on 127.0.0.1:{port}: ")), "{last}");
}

#[test]
fn the_worker_runs_until_it_is_told_to_stop() {
    let folder = with_starting_data();
    let worker = process::Process::start(&folder, &["worker"]);
    worker.wait_for_log("the worker runs");
    worker.stop().succeeds();
}

#[test]
fn somebody_who_is_there_is_given_a_password() {
    let folder = with_starting_data();
    folder.run(&["create-admin", "ada@example.org", "Ada", PASSWORD]).succeeds();
    let arguments = ["set-password", "ADA@example.org", "--password-stdin"];
    folder.run_with_input(&arguments, "another long password\n").succeeds().prints("can log in");
    folder.run_with_input(&arguments, "short\n").fails_with("12 to 1000");
    folder
        .run_with_input(&["set-password", "eve@example.org", "--password-stdin"], PASSWORD)
        .fails_with("nobody has the address eve@example.org");
}

#[test]
fn a_test_mail_tells_whether_mail_works() {
    let folder = with_starting_data();
    let written = folder.run(&["mail", "send-test", "ada@example.org"]).succeeds().out;
    let path = written.trim().strip_prefix("The mail was written to ").expect("the path of the file");
    assert!(std::fs::read_to_string(path).unwrap().contains("To: ada@example.org"), "{path}");
    folder.run(&["mail", "queue"]).succeeds().prints("0 waiting, 0 failed.");
    folder.run(&["mail", "retry"]).succeeds().prints("0 failed mails");
    folder.run(&["mail", "send-test", "ada"]).fails_with("no address to go to");
    let off = ["mail", "send-test", "ada@example.org", "--set", "mail.transport=off"];
    folder.run(&off).fails_with("mail is switched off");
    let nowhere = ["--set", "mail.transport=smtp", "--set", "mail.url=smtp://127.0.0.1:1"];
    folder.run(&[&["mail", "send-test", "ada@example.org"], &nowhere[..]].concat()).fails_with("was not sent");
    let secret = ["--set", "mail.transport=smtp", "--set", "mail.url=imap://ada:hidden@mail.example.org"];
    let refused = folder.run(&[&["mail", "queue"], &secret[..]].concat());
    assert!(!refused.fails_with("mail.url").err.contains("hidden"), "{}", refused.err);
    folder.run(&["mail", "queue", "--set", "mail.transport=smtp"]).fails_with("mail.url: is missing");
    folder
        .run(&["mail", "queue", "--set", "mail.from=nobody"])
        .fails_with("mail.from: \"nobody\" is not an e-mail address");
    folder.run(&["mail", "queue", "--set", "mail.digest_hour=24"]).fails_with("is not an hour from 0 to 23");
}
