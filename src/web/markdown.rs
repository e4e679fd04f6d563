//! Markdown of people, as HTML that is safe to show.
//!
//! comrak reads GitHub's dialect and leaves raw HTML out; ammonia then lets through a short list of elements alone, so that
//! what one of them misses the other does not. Pictures of other hosts are left out: the policy would block them.

use ammonia::Builder;
use comrak::Options;
use maud::{Markup, PreEscaped};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::empty();
    cleaner
        .tags(HashSet::from([
            "a",
            "blockquote",
            "br",
            "code",
            "del",
            "em",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "input",
            "li",
            "ol",
            "p",
            "pre",
            "strong",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "ul",
        ]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href", "title"])),
            ("input", HashSet::from(["checked", "disabled", "type"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .link_rel(Some("noopener noreferrer nofollow"))
        .clean_content_tags(HashSet::from(["script", "style"]));
    cleaner
});

/// What `text` says. Headings become smaller ones than those of the page, so that its outline stays whole.
pub fn render(text: &str) -> Markup {
    let mut options = Options::default();
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    options.render.hardbreaks = true;
    let html = comrak::markdown_to_html(text, &options);
    PreEscaped(lowered(CLEANER.clean(&html).to_string()))
}

/// Tags alone are written with `<`: in text it is escaped.
fn lowered(html: String) -> String {
    let mut html = html;
    for (from, to) in [("h4", "h6"), ("h3", "h5"), ("h2", "h4"), ("h1", "h3")] {
        html =
            html.replace(&format!("<{from}>"), &format!("<{to}>")).replace(&format!("</{from}>"), &format!("</{to}>"));
    }
    // A box that cannot be ticked has no name; it is a picture of what the text says.
    html.replace("<input ", "<input aria-hidden=\"true\" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn html(text: &str) -> String {
        render(text).into_string()
    }

    #[test]
    fn it_shows_what_github_shows() {
        assert_eq!(html("**now**, ~~later~~"), "<p><strong>now</strong>, <del>later</del></p>\n");
        assert!(html("- [x] done").contains("checked"));
        assert!(html("| a |\n|---|\n| b |").contains("<td>b</td>"));
        assert!(html("# Big").contains("<h3>Big</h3>"));
        assert!(
            html("https://example.org/a")
                .contains("href=\"https://example.org/a\" rel=\"noopener noreferrer nofollow\"")
        );
        assert_eq!(html("one\ntwo"), "<p>one<br>\ntwo</p>\n");
    }

    proptest! {
        #[test]
        fn nothing_becomes_an_element_that_is_not_allowed(text in ".{0,200}") {
            let shown = html(&text);
            for part in shown.split('<').skip(1) {
                let name: String = part.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
                prop_assert!(["a", "blockquote", "br", "code", "del", "em", "h3", "h4", "h5", "h6", "hr", "input", "li", "ol", "p",
                    "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"].contains(&name.as_str()), "{shown}");
            }
        }
    }
}
