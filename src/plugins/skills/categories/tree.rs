//! The tree of categories, and what is meant when somebody types one: pure rules, no database.

/// What stands between the parts of a path.
pub const SEPARATOR: &str = " › ";
/// The letter in it, which no part may have.
pub const MARK: char = '›';
/// The place of the category without a name: after all others.
pub const UNCATEGORISED_POSITION: i64 = 1_000_000_000;

#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Category {
    pub id: i64,
    /// The whole path; empty for the skills that have none.
    pub name: String,
    /// `None` for a root.
    pub parent_id: Option<i64>,
    /// Its place in the tree, depth-first.
    pub position: i64,
    pub version: i64,
}

impl Category {
    pub fn title(&self) -> &str {
        category_title(&self.name)
    }
}

/// What stands where a category's name would stand.
pub fn category_title(name: &str) -> &str {
    if name.is_empty() { "Uncategorised" } else { name }
}

/// What somebody who typed a category means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Known(i64),
    /// It is to be made: these parts, one below the other, below `parent`.
    New {
        parent: Option<i64>,
        parts: Vec<String>,
    },
}

/// Every category, depth-first, those beside each other by name; the one without a name last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree(Vec<Category>);

impl Tree {
    pub fn of(rows: Vec<Category>) -> Tree {
        let mut ordered = Vec::with_capacity(rows.len());
        let all = Tree(rows);
        all.collect(None, &mut ordered);
        Tree(ordered)
    }

    /// Those below `parent_id`, each followed by what is below it.
    fn collect(&self, parent_id: Option<i64>, ordered: &mut Vec<Category>) {
        let key = |category: &&Category| (category.name.is_empty(), self.part(category).to_lowercase(), category.id);
        let mut here: Vec<&Category> = self.0.iter().filter(|category| category.parent_id == parent_id).collect();
        here.sort_by_key(key);
        for category in here {
            ordered.push(category.clone());
            self.collect(Some(category.id), ordered);
        }
    }

    pub fn all(&self) -> &[Category] {
        &self.0
    }

    pub fn get(&self, id: i64) -> Option<&Category> {
        self.0.iter().find(|category| category.id == id)
    }

    pub fn named(&self, path: &str) -> Option<&Category> {
        self.0.iter().find(|category| category.name == path)
    }

    /// A category's own part of its path.
    pub fn part<'a>(&self, category: &'a Category) -> &'a str {
        let parent = category.parent_id.and_then(|id| self.get(id));
        let below = parent.and_then(|parent| category.name.strip_prefix(&parent.name)?.strip_prefix(SEPARATOR));
        below.unwrap_or(&category.name)
    }

    /// How far below the roots a category is; 0 for a root.
    pub fn depth(&self, category: &Category) -> usize {
        self.ancestors(category.id).count().saturating_sub(1)
    }

    /// The category itself, its parent, and so on up to a root. A loop in the data ends it as well.
    fn ancestors(&self, id: i64) -> impl Iterator<Item = &Category> {
        std::iter::successors(self.get(id), |category| self.get(category.parent_id?)).take(self.0.len())
    }

    /// Whether a category is `branch_id`, or is below it.
    pub fn is_within(&self, id: i64, branch_id: i64) -> bool {
        self.ancestors(id).any(|category| category.id == branch_id)
    }

    /// The category and all that is below it, which stands right behind it.
    pub fn branch(&self, id: i64) -> impl Iterator<Item = &Category> {
        let from = self.0.iter().skip_while(move |category| category.id != id);
        from.take_while(move |category| self.is_within(category.id, id))
    }

    /// The first and the last position of a branch: `category_position BETWEEN first AND last` finds its skills. What is
    /// not there has none.
    pub fn range(&self, id: i64) -> (i64, i64) {
        let positions = || self.branch(id).map(|category| category.position);
        positions().min().zip(positions().max()).unwrap_or((1, 0))
    }

    /// The place that each category ought to have.
    pub fn places(&self) -> impl Iterator<Item = (&Category, i64)> {
        self.0.iter().enumerate().map(|(place, category)| {
            let is_nameless = category.name.is_empty();
            (category, if is_nameless { UNCATEGORISED_POSITION } else { place as i64 })
        })
    }

    /// Finds out what is meant: the path of a category, written with ›, or with > or / where such a category is there;
    /// its own name alone, if only one has it; else one that is new.
    ///
    /// # Errors
    /// A full sentence, for a name that several categories have and a path with an empty part.
    pub fn parse(&self, typed: &str) -> Result<Place, String> {
        let typed = typed.trim();
        if let Some(category) = self.named(typed) {
            return Ok(Place::Known(category.id));
        }
        if typed.contains(MARK) {
            return self.parse_path(typed.split(MARK));
        }
        if let Some(id) = self.at(typed.split(" > ")).or_else(|| self.at(typed.split(" / "))) {
            return Ok(Place::Known(id));
        }
        if let Some((above, _)) = typed.rsplit_once(" > ")
            && self.at(above.split(" > ")).is_some()
        {
            return self.parse_path(typed.split(" > "));
        }
        self.parse_part(typed)
    }

    /// The category at exactly this path.
    fn at<'a>(&self, parts: impl Iterator<Item = &'a str>) -> Option<i64> {
        let parts: Vec<&str> = parts.map(str::trim).collect();
        self.named(&parts.join(SEPARATOR)).map(|category| category.id)
    }

    fn parse_path<'a>(&self, parts: impl Iterator<Item = &'a str>) -> Result<Place, String> {
        let parts: Vec<&str> = parts.map(str::trim).collect();
        if parts.iter().any(|part| part.is_empty()) {
            return Err("A part of this path is empty. Write it as “Workshop › Welding”.".to_owned());
        }
        let mut known = match self.parse_part(parts[0])? {
            Place::Known(id) => Some(id),
            Place::New { .. } => None,
        };
        let mut next = usize::from(known.is_some());
        while let Some(child) = parts.get(next).and_then(|part| self.child(known?, part)) {
            known = Some(child);
            next += 1;
        }
        let rest: Vec<String> = parts[next..].iter().map(|part| (*part).to_owned()).collect();
        Ok(match known {
            Some(id) if rest.is_empty() => Place::Known(id),
            parent => Place::New { parent, parts: rest },
        })
    }

    /// The place of a whole path, of which nothing is left out.
    pub fn exact(&self, path: &str) -> Place {
        if let Some(category) = self.named(path) {
            return Place::Known(category.id);
        }
        match path.rsplit_once(SEPARATOR) {
            None => Place::New { parent: None, parts: vec![path.to_owned()] },
            Some((above, part)) => match self.exact(above) {
                Place::Known(id) => Place::New { parent: Some(id), parts: vec![part.to_owned()] },
                Place::New { parent, mut parts } => {
                    parts.push(part.to_owned());
                    Place::New { parent, parts }
                }
            },
        }
    }

    fn child(&self, parent_id: i64, part: &str) -> Option<i64> {
        let is_it = |category: &&Category| category.parent_id == Some(parent_id) && self.part(category) == part;
        self.0.iter().find(is_it).map(|category| category.id)
    }

    fn parse_part(&self, part: &str) -> Result<Place, String> {
        if let Some(root) = self.named(part) {
            return Ok(Place::Known(root.id));
        }
        let namesakes: Vec<&Category> = self.0.iter().filter(|category| self.part(category) == part).collect();
        match namesakes.as_slice() {
            [] => Ok(Place::New { parent: None, parts: vec![part.to_owned()] }),
            [only] => Ok(Place::Known(only.id)),
            several => {
                let paths: Vec<&str> = several.iter().map(|category| category.name.as_str()).collect();
                Err(format!("Several categories are called “{part}”: {}. Write the whole path.", paths.join(", ")))
            }
        }
    }

    /// The path of a place, whether it is there or not.
    pub fn path(&self, place: &Place) -> String {
        match place {
            Place::Known(id) => self.get(*id).map(|category| category.name.clone()).unwrap_or_default(),
            Place::New { parent, parts } => {
                let above = parent.and_then(|id| self.get(id)).map(|category| category.name.as_str());
                let parts = parts.iter().map(String::as_str);
                above.into_iter().chain(parts).collect::<Vec<_>>().join(SEPARATOR)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn category(id: i64, parent_id: Option<i64>, name: &str) -> Category {
        Category { id, name: name.to_owned(), parent_id, position: 0, version: 1 }
    }

    /// Positions as they are kept.
    fn ranked(rows: Vec<Category>) -> Tree {
        let tree = Tree::of(rows);
        let placed = tree.places().map(|(category, position)| Category { position, ..category.clone() }).collect();
        Tree(placed)
    }

    fn example() -> Tree {
        ranked(vec![
            category(1, None, ""),
            category(2, None, "Workshop"),
            category(3, Some(2), "Workshop › Welding"),
            category(4, Some(3), "Workshop › Welding › TIG"),
            category(5, None, "office"),
            category(6, Some(2), "Workshop › Basics"),
            category(7, Some(5), "office › Basics"),
            category(8, None, "Health / Safety"),
        ])
    }

    #[test]
    fn the_order_is_depth_first_by_name_and_no_name_comes_last() {
        let tree = example();
        let order: Vec<&str> = tree.all().iter().map(Category::title).collect();
        assert_eq!(
            order,
            [
                "Health / Safety",
                "office",
                "office › Basics",
                "Workshop",
                "Workshop › Basics",
                "Workshop › Welding",
                "Workshop › Welding › TIG",
                "Uncategorised"
            ]
        );
        assert_eq!(tree.range(2), (3, 6));
        assert_eq!(tree.range(3), (5, 6));
        assert_eq!(tree.range(1), (UNCATEGORISED_POSITION, UNCATEGORISED_POSITION));
        assert_eq!(tree.range(99), (1, 0), "what is not there has no skills");
        assert_eq!(tree.depth(tree.get(4).unwrap()), 2);
        assert!(tree.is_within(4, 2) && !tree.is_within(2, 4) && !tree.is_within(7, 2));
    }

    #[test]
    fn what_is_typed_is_found() {
        let tree = example();
        let known = [
            ("", 1),
            ("Workshop", 2),
            (" Workshop › Welding ", 3),
            ("Workshop›Welding", 3),
            ("Workshop > Welding > TIG", 4),
            ("Workshop / Welding", 3),
            ("Welding", 3),
            ("Welding › TIG", 4),
            ("Health / Safety", 8),
        ];
        for (typed, id) in known {
            assert_eq!(tree.parse(typed), Ok(Place::Known(id)), "{typed}");
        }
        let new =
            |parent, parts: &[&str]| Place::New { parent, parts: parts.iter().map(|p| (*p).to_owned()).collect() };
        assert_eq!(tree.parse("Paint"), Ok(new(None, &["Paint"])));
        assert_eq!(tree.parse("workshop"), Ok(new(None, &["workshop"])), "case counts, as ever");
        assert_eq!(tree.parse("Workshop › Paint › Spray"), Ok(new(Some(2), &["Paint", "Spray"])));
        assert_eq!(tree.parse("Workshop > Paint"), Ok(new(Some(2), &["Paint"])));
        assert_eq!(tree.parse("Sea > Air"), Ok(new(None, &["Sea > Air"])), "a name as it was before there were paths");
        assert_eq!(tree.parse("Workshop / Paint"), Ok(new(None, &["Workshop / Paint"])));
        assert_eq!(tree.path(&new(Some(2), &["Paint", "Spray"])), "Workshop › Paint › Spray");
        assert_eq!(tree.exact("Workshop › Paint › Spray"), new(Some(2), &["Paint", "Spray"]));
        assert_eq!(tree.exact("Welding"), new(None, &["Welding"]), "a whole path means no other one");
        assert_eq!(tree.exact("office › Basics"), Place::Known(7));
    }

    #[test]
    fn what_is_not_clear_is_said() {
        let tree = example();
        let problem = tree.parse("Basics").unwrap_err();
        assert_eq!(
            problem,
            "Several categories are called “Basics”: office › Basics, Workshop › Basics. Write the whole path."
        );
        for typed in ["Workshop ›", "› Welding", "Workshop › › TIG", "›"] {
            assert!(tree.parse(typed).unwrap_err().contains("is empty"), "{typed}");
        }
    }

    #[test]
    fn a_loop_in_the_data_hangs_nothing() {
        let tree = Tree(vec![category(1, Some(2), "A"), category(2, Some(1), "B")]);
        assert!(tree.is_within(1, 2));
        assert!(!tree.is_within(1, 3));
        assert!(Tree::of(tree.0.clone()).all().is_empty());
    }

    proptest! {
        /// Each path that is made from a place reads back as that place.
        #[test]
        fn the_path_of_what_is_new_means_the_same_when_typed_again(
            below in prop::option::of(2i64..8), parts in prop::collection::vec("[a-z]{1,6}( [a-z]{1,4})?", 1..4)
        ) {
            let tree = example();
            let place = Place::New { parent: below, parts };
            let typed = tree.path(&place);
            prop_assume!(tree.named(&typed).is_none());
            let read = tree.parse(&typed).unwrap();
            prop_assert_eq!(tree.path(&read), typed);
        }

        /// The skills of a branch are one range, which no other branch beside it meets.
        #[test]
        fn branches_side_by_side_have_ranges_apart(a in 2i64..8, b in 2i64..8) {
            let tree = example();
            prop_assume!(!tree.is_within(a, b) && !tree.is_within(b, a));
            let ((a_first, a_last), (b_first, b_last)) = (tree.range(a), tree.range(b));
            prop_assert!(a_last < b_first || b_last < a_first);
            prop_assert_eq!(tree.branch(a).count() as i64, a_last - a_first + 1);
        }
    }
}
