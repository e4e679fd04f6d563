//! Where the people of a matrix stand when each team begins with a heading: pure arithmetic, no database.
//!
//! A matrix of thousands of people is shown through a window. The browser asks for lines, of which headings are some; the
//! database is asked for people, by offset. Every line is of the same height.

/// A team with people in it, in the order of the matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// 0 for the people without a team.
    pub id: i64,
    pub name: String,
    /// The rank of the team, which its people carry.
    pub position: i64,
    pub people: i64,
}

/// The part of a matrix to be read and where it belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// How many people stand before it.
    pub offset: i64,
    pub people: i64,
    /// The line of the heading that the part begins with. A part that begins within a team repeats its heading, one
    /// line above its first person.
    pub top_line: i64,
}

/// How many lines the matrix has in all.
pub fn total(groups: &[Group]) -> i64 {
    groups.iter().map(|group| group.people + 1).sum()
}

/// The people who stand on `count` lines from `line` on.
pub fn part(groups: &[Group], line: i64, count: i64) -> Part {
    let line = line.clamp(0, (total(groups) - 1).max(0));
    let offset = people_before(groups, line);
    let end = people_before(groups, line + count.max(2));
    // The line of a person is their place plus the headings up to theirs; the heading above is one line less.
    let top_line = line_of(groups, offset) - 1;
    Part { offset, people: end - offset, top_line: top_line.max(0) }
}

/// How many people stand on the lines before `line`.
fn people_before(groups: &[Group], line: i64) -> i64 {
    let mut before = 0;
    let mut start = 0;
    for group in groups {
        let lines = group.people + 1;
        if line < start + lines {
            return before + (line - start - 1).max(0);
        }
        before += group.people;
        start += lines;
    }
    before
}

/// The line on which the person with this place stands.
pub fn line_of(groups: &[Group], place: i64) -> i64 {
    let mut before = 0;
    let mut headings = 0;
    for group in groups {
        headings += 1;
        if place < before + group.people {
            return place + headings;
        }
        before += group.people;
    }
    before + headings
}

/// Where a person or skill with this place is found without walking past all before: the rank of its team or category, and
/// how many of that one stand before it. `groups` are ranks, in ascending order, and how many stand there.
pub fn seek(groups: impl IntoIterator<Item = (i64, i64)>, place: i64) -> (i64, i64) {
    let mut before = 0;
    for (position, count) in groups {
        if place < before + count {
            return (position, place - before);
        }
        before += count;
    }
    (i64::MAX, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn groups(sizes: &[i64]) -> Vec<Group> {
        let group = |(id, people): (usize, &i64)| Group {
            id: id as i64,
            name: String::new(),
            position: id as i64 * 10,
            people: *people,
        };
        sizes.iter().enumerate().map(group).collect()
    }

    #[test]
    fn a_part_begins_with_the_heading_of_its_first_person() {
        // Lines: 0 heading, 1 2 3 people, 4 heading, 5 6 people.
        let groups = groups(&[3, 2]);
        assert_eq!(total(&groups), 7);
        assert_eq!(part(&groups, 0, 4), Part { offset: 0, people: 3, top_line: 0 });
        assert_eq!(part(&groups, 2, 3), Part { offset: 1, people: 2, top_line: 1 });
        assert_eq!(part(&groups, 4, 3), Part { offset: 3, people: 2, top_line: 4 });
        assert_eq!(part(&groups, 99, 3), Part { offset: 4, people: 1, top_line: 5 });
        assert_eq!(part(&[], 0, 60), Part { offset: 0, people: 0, top_line: 0 });
    }

    #[test]
    fn a_person_is_sought_within_the_team() {
        let groups = [(0, 3), (10, 2)];
        assert_eq!([0, 2, 3, 4].map(|place| seek(groups, place)), [(0, 0), (0, 2), (10, 0), (10, 1)]);
        assert_eq!(seek(groups, 5), (i64::MAX, 0), "behind the last there is nobody");
        assert_eq!(seek([], 0), (i64::MAX, 0));
    }

    proptest! {
        /// Windows side by side show everybody, each on the line that the arithmetic says.
        #[test]
        fn windows_side_by_side_miss_nobody(sizes in prop::collection::vec(1i64..30, 1..12), height in 2i64..40) {
            let groups = groups(&sizes);
            let mut seen = 0;
            let mut line = 0;
            while line < total(&groups) {
                let part = part(&groups, line, height);
                prop_assert!(part.offset <= seen, "people between {} and {} are missing", seen, part.offset);
                seen = seen.max(part.offset + part.people);
                line += height;
            }
            prop_assert_eq!(seen, sizes.iter().sum::<i64>());
        }

        #[test]
        fn a_window_shows_the_line_that_it_was_asked_for(sizes in prop::collection::vec(1i64..30, 1..12), line in 0i64..300, height in 2i64..40) {
            let groups = groups(&sizes);
            let line = line % total(&groups);
            let part = part(&groups, line, height);
            prop_assert!(part.top_line <= line);
            prop_assert_eq!(line_of(&groups, part.offset), part.top_line + 1);
        }
    }
}
