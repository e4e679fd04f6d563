//! Reads the JSON of others: Trello's export of a board, and what Kanboard answers to getBoard. Pure rules.

use super::super::exports::model::{FORMAT, Whole, WholeCheck, WholeComment, WholeStatus, WholeTask};
use crate::error::{Error, Result};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

/// Whatever file it is.
///
/// # Errors
/// `Invalid` of the field `file`.
pub fn read(bytes: &[u8]) -> Result<Whole> {
    let unknown = |problem: String| Error::invalid("file", problem);
    let value: Value = serde_json::from_slice(bytes).map_err(|error| unknown(format!("This is not JSON: {error}.")))?;
    if value["format"] == FORMAT {
        return serde_json::from_value(value).map_err(|error| unknown(format!("The file could not be read: {error}.")));
    }
    if value["lists"].is_array() && value["cards"].is_array() {
        return Ok(trello(&value));
    }
    let board = if value["result"].is_array() { &value["result"] } else { &value };
    if board.as_array().is_some_and(|lanes| lanes.iter().any(|lane| lane["columns"].is_array())) {
        return Ok(kanboard(board));
    }
    let hint =
        "The file is neither an export of a project of ours, nor one of Trello, nor what Kanboard answers to getBoard.";
    Err(unknown(hint.to_owned()))
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// What the name of a column says of those that stand in it; the first one is where nothing has begun.
fn kind_of(name: &str, place: usize) -> &'static str {
    let name = name.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
    match () {
        () if says(&["done", "closed", "finished", "complete", "erledigt"]) => "done",
        () if place == 0 || says(&["to do", "todo", "backlog", "ready", "ideas", "inbox", "offen"]) => "todo",
        () => "doing",
    }
}

/// Tasks have to end somewhere.
fn with_an_end(mut statuses: Vec<WholeStatus>) -> Vec<WholeStatus> {
    if !statuses.iter().any(|status| status.kind == "done") {
        statuses.push(WholeStatus { name: "Done".to_owned(), kind: "done".to_owned(), wip_limit: None });
    }
    statuses
}

fn done_name(statuses: &[WholeStatus]) -> String {
    statuses.iter().find(|status| status.kind == "done").map(|status| status.name.clone()).unwrap_or_default()
}

/// The UTC day of a point in time as Trello writes it.
fn day_of(text: &str) -> Option<String> {
    let at: Timestamp = text.parse().ok()?;
    Some(at.to_zoned(TimeZone::UTC).date().to_string())
}

fn trello(board: &Value) -> Whole {
    let lists: Vec<&Value> = list(&board["lists"]).iter().filter(|list| list["closed"] != true).collect();
    let status = |(place, list): (usize, &&Value)| {
        let name = text(&list["name"]);
        WholeStatus { kind: kind_of(&name, place).to_owned(), name, wip_limit: None }
    };
    let statuses = with_an_end(lists.iter().enumerate().map(status).collect());
    let cards = list(&board["cards"]).iter().filter(|card| card["closed"] != true);
    let tasks =
        cards.enumerate().map(|(place, card)| trello_task(board, &lists, &statuses, card, place as i64 + 1)).collect();
    Whole { format: FORMAT.to_owned(), name: text(&board["name"]), description: text(&board["desc"]), statuses, tasks }
}

fn trello_task(board: &Value, lists: &[&Value], statuses: &[WholeStatus], card: &Value, number: i64) -> WholeTask {
    let at = lists.iter().position(|list| list["id"] == card["idList"]);
    let status = match at {
        _ if card["dueComplete"] == true => done_name(statuses),
        Some(place) => statuses[place].name.clone(),
        None => statuses[0].name.clone(),
    };
    let member = |id: &Value| {
        list(&board["members"]).iter().find(|member| member["id"] == *id).map(|member| text(&member["fullName"]))
    };
    let labels = list(&card["labels"]).iter().map(|label| match text(&label["name"]) {
        name if name.is_empty() => text(&label["color"]),
        name => name,
    });
    let lines = list(&board["checklists"]).iter().filter(|checklist| checklist["idCard"] == card["id"]);
    let lines = lines.flat_map(|checklist| list(&checklist["checkItems"]));
    let said = list(&board["actions"])
        .iter()
        .rev()
        .filter(|action| action["type"] == "commentCard" && action["data"]["card"]["id"] == card["id"]);
    WholeTask {
        number,
        title: text(&card["name"]),
        description: text(&card["desc"]),
        status,
        assignees: list(&card["idMembers"]).iter().filter_map(member).collect(),
        labels: labels.filter(|name| !name.is_empty()).collect(),
        due_on: day_of(&text(&card["due"])),
        checklist: lines
            .map(|line| WholeCheck { title: text(&line["name"]), done: line["state"] == "complete" })
            .collect(),
        comments: said
            .map(|action| WholeComment {
                who: text(&action["memberCreator"]["fullName"]),
                at: text(&action["date"]).parse::<Timestamp>().map_or(0, Timestamp::as_millisecond),
                body: text(&action["data"]["text"]),
            })
            .collect(),
        ..WholeTask::default()
    }
}

fn kanboard(lanes: &Value) -> Whole {
    let columns: Vec<&Value> = list(lanes).iter().take(1).flat_map(|lane| list(&lane["columns"])).collect();
    let status = |(place, column): (usize, &&Value)| {
        let name = text(&column["title"]);
        let limit = text(&column["task_limit"]).parse().ok().filter(|limit| *limit > 0);
        WholeStatus { kind: kind_of(&name, place).to_owned(), name, wip_limit: limit }
    };
    let statuses = with_an_end(columns.iter().enumerate().map(status).collect());
    let mut tasks = Vec::new();
    for column in list(lanes).iter().flat_map(|lane| list(&lane["columns"])) {
        for task in list(&column["tasks"]) {
            tasks.push(kanboard_task(&statuses, &text(&column["title"]), task, tasks.len() as i64 + 1));
        }
    }
    let name = list(lanes)
        .iter()
        .flat_map(|lane| list(&lane["columns"]))
        .flat_map(|column| list(&column["tasks"]))
        .map(|task| text(&task["project_name"]))
        .find(|name| !name.is_empty());
    Whole { format: FORMAT.to_owned(), name: name.unwrap_or_default(), description: String::new(), statuses, tasks }
}

fn kanboard_task(statuses: &[WholeStatus], column: &str, task: &Value, number: i64) -> WholeTask {
    let seconds: i64 = text(&task["date_due"]).parse().unwrap_or(0);
    let due = Timestamp::from_second(seconds).ok().filter(|_| seconds > 0);
    let is_closed = text(&task["is_active"]) == "0";
    let who = [&task["assignee_name"], &task["assignee_username"]].map(text);
    WholeTask {
        number,
        title: text(&task["title"]),
        description: text(&task["description"]),
        status: if is_closed { done_name(statuses) } else { column.to_owned() },
        priority: text(&task["priority"]).parse::<i64>().unwrap_or(0).clamp(0, 4),
        assignees: who.into_iter().filter(|name| !name.is_empty()).take(1).collect(),
        labels: Some(text(&task["category_name"])).filter(|name| !name.is_empty()).into_iter().collect(),
        due_on: due.map(|at| at.to_zoned(TimeZone::UTC).date().to_string()),
        ..WholeTask::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_board_of_trello_becomes_a_project() {
        let board = json!({
            "name": "Garden", "desc": "Green", "members": [{ "id": "m1", "fullName": "Ana Silva" }],
            "lists": [{ "id": "a", "name": "Ideas" }, { "id": "b", "name": "Growing" }, { "id": "z", "name": "Old", "closed": true }],
            "cards": [
                { "id": "1", "name": "Dig", "desc": "Deep", "idList": "b", "due": "2026-12-01T23:30:00.000Z", "idMembers": ["m1"],
                  "labels": [{ "name": "", "color": "green" }] },
                { "id": "2", "name": "Sow", "idList": "a", "dueComplete": true },
                { "id": "3", "name": "Gone", "idList": "a", "closed": true },
            ],
            "checklists": [{ "idCard": "1", "checkItems": [{ "name": "Spade", "state": "complete" }, { "name": "Boots", "state": "incomplete" }] }],
            "actions": [{ "type": "commentCard", "date": "2026-11-01T00:00:00Z", "data": { "text": "Now", "card": { "id": "1" } },
                          "memberCreator": { "fullName": "Ben" } }],
        });
        let whole = read(board.to_string().as_bytes()).unwrap();
        let kinds: Vec<(&str, &str)> =
            whole.statuses.iter().map(|status| (status.name.as_str(), status.kind.as_str())).collect();
        assert_eq!(kinds, [("Ideas", "todo"), ("Growing", "doing"), ("Done", "done")]);
        assert_eq!(whole.tasks.len(), 2);
        let dig = &whole.tasks[0];
        assert_eq!((dig.status.as_str(), dig.due_on.as_deref()), ("Growing", Some("2026-12-01")));
        assert_eq!(
            (dig.assignees.as_slice(), dig.labels.as_slice()),
            (["Ana Silva".to_owned()].as_slice(), ["green".to_owned()].as_slice())
        );
        assert_eq!((dig.checklist.len(), dig.checklist[0].done, dig.comments[0].body.as_str()), (2, true, "Now"));
        assert_eq!(whole.tasks[1].status, "Done");
    }

    #[test]
    fn a_board_of_kanboard_becomes_a_project() {
        let board = json!({ "jsonrpc": "2.0", "id": 1, "result": [{ "name": "Default swimlane", "columns": [
            { "title": "Backlog", "tasks": [{ "title": "Dig", "description": "Deep", "date_due": "1796169600", "priority": "3",
              "assignee_name": "", "assignee_username": "ana", "category_name": "Soil", "is_active": "1", "project_name": "Garden" }] },
            { "title": "Work in progress", "task_limit": "2", "tasks": [{ "title": "Sow", "date_due": "0", "is_active": 0 }] },
            { "title": "Done", "tasks": [] },
        ] }] });
        let whole = read(board.to_string().as_bytes()).unwrap();
        assert_eq!((whole.name.as_str(), whole.statuses[1].wip_limit), ("Garden", Some(2)));
        assert_eq!((whole.tasks[0].priority, whole.tasks[0].due_on.as_deref()), (3, Some("2026-12-02")));
        assert_eq!((whole.tasks[0].assignees[0].as_str(), whole.tasks[0].labels[0].as_str()), ("ana", "Soil"));
        assert_eq!((whole.tasks[1].status.as_str(), &whole.tasks[1].due_on), ("Done", &None));
    }

    #[test]
    fn anything_else_is_told_of() {
        for text in [
            "",
            "{",
            "{}",
            "[]",
            "[1]",
            "{\"lists\":1,\"cards\":[]}",
            "{\"format\":\"quarterdeck.project/1\"}",
            "{\"result\":[{}]}",
        ] {
            assert!(matches!(read(text.as_bytes()), Err(Error::Invalid(_))), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_file_is_too_strange(text in "[\\[\\]{}\":,a-z0-9]{0,80}") {
            let _ = read(text.as_bytes());
        }
    }
}
