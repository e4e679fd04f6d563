//! A month, with the tasks on their due days.

use super::super::outline::Outline;
use super::super::tasks::filter::Filter;
use super::super::tasks::model::Task;
use super::super::tasks::views::priority_mark;
use super::super::views::{Tab, head};
use super::model::Month;
use crate::web::assets::{Icon, icon};
use jiff::civil::Date;
use maud::{Markup, html};

pub fn calendar(outline: &Outline, filter: &Filter, month: Month, tasks: &[Task]) -> Markup {
    let path = format!("{}/calendar", outline.project.path());
    let at = |month: Month| {
        let query = filter.query();
        let separator = if query.is_empty() { "" } else { "&" };
        format!("{path}?{query}{separator}month={}", month.name())
    };
    html! {
        (head(&outline.project, Tab::Calendar, &filter.query(), html! {}))
        div.calendar-head {
            a.btn.btn-outline-secondary.btn-sm href=(at(month.step(-1))) aria-label="The month before" { (icon(Icon::ChevronLeft)) }
            h2 { (month.title()) }
            a.btn.btn-outline-secondary.btn-sm href=(at(month.step(1))) aria-label="The month after" { (icon(Icon::ChevronRight)) }
            a.btn.btn-outline-secondary.btn-sm href=(filter.address(&path)) { "Today" }
        }
        div id="calendar" data-list="calendar" data-p=(outline.project.id) {
            table.calendar {
                caption.visually-hidden { "Tasks by due day, " (month.title()) }
                thead { tr { @for day in ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] { th scope="col" { (day) } } } }
                tbody { @for week in month.weeks() { tr { @for day in week { (cell(day, month, tasks, outline.today)) } } } }
            }
        }
    }
}

fn cell(day: Date, month: Month, tasks: &[Task], today: Date) -> Markup {
    let of_day = tasks.iter().filter(|task| task.due_on == Some(day));
    html! {
        td.outside[day.month() != month.first.month()].today[day == today] {
            time.day-number datetime=(day) { (day.day()) }
            ul { @for task in of_day {
                li.done[!task.is_open()].late[task.is_open() && day < today] {
                    a href=(task.path()) title={ (task.name()) " " (task.title) } { (priority_mark(task.priority)) (task.title) }
                }
            } }
        }
    }
}
