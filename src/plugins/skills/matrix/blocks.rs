//! The cells of a window as blocks of the ratings' key, which begins with the person: pure arithmetic, no database.
//!
//! To look for every cell by itself costs thousands of steps down an index, and to read all ratings of the people shown
//! costs more the more skills there are. But skills of one category were mostly added together, so that their ids lie close
//! together: a block is one short range of skills for each of its people, on every database. The more the ids are scattered,
//! the more a block holds that the window does not show; it never holds other people.

use crate::db::LIST;

/// Ids that lie no further apart than this belong to one range: to step over a few cells is cheaper than to begin anew.
const NEAR: i64 = 16;
/// How many ranges a window's skills make at most. Each is a query, and all of them run at the same time.
const MOST_RANGES: usize = 4;

/// Some people of a window, and a range of ids with skills of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    /// At most `LIST`, at least one.
    pub people: &'a [i64],
    pub first: i64,
    pub last: i64,
}

/// Blocks that together hold every cell of these people and skills, each cell once.
pub fn blocks<'a>(people: &'a [i64], skills: &[i64]) -> Vec<Block<'a>> {
    let ranges = ranges(skills);
    let of = |people: &'a [i64]| ranges.iter().map(move |&(first, last)| Block { people, first, last });
    people.chunks(LIST).flat_map(of).collect()
}

/// The ids as ranges, split where the gaps are widest.
fn ranges(ids: &[i64]) -> Vec<(i64, i64)> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    let width = |at: usize| ids[at] - ids[at - 1];
    let mut splits: Vec<usize> = (1..ids.len()).filter(|at| width(*at) > NEAR).collect();
    splits.sort_unstable_by_key(|at| std::cmp::Reverse(width(*at)));
    splits.truncate(MOST_RANGES - 1);
    splits.sort_unstable();
    let begins = std::iter::once(0).chain(splits.iter().copied());
    let ends = splits.iter().copied().chain(std::iter::once(ids.len()));
    let parts = begins.zip(ends).filter(|(begin, end)| begin < end);
    parts.map(|(begin, end)| (ids[begin], ids[end - 1])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_that_lie_together_make_one_range() {
        assert_eq!(ranges(&[]), []);
        assert_eq!(ranges(&[7]), [(7, 7)]);
        assert_eq!(ranges(&[9, 3, 5, 25]), [(3, 25)], "in any order, over small gaps");
        assert_eq!(ranges(&[100, 1, 2, 101]), [(1, 2), (100, 101)]);
    }

    #[test]
    fn scattered_ids_are_split_at_the_widest_gaps() {
        assert_eq!(ranges(&[0, 100, 120, 300, 350, 700]), [(0, 0), (100, 120), (300, 350), (700, 700)]);
    }

    #[test]
    fn without_people_or_skills_there_is_no_block() {
        assert_eq!(blocks(&[], &[1, 2]), []);
        assert_eq!(blocks(&[1, 2], &[]), []);
    }

    proptest! {
        #[test]
        fn every_cell_is_in_exactly_one_block(
            people in prop::collection::hash_set(0i64..10_000, 0..240),
            skills in prop::collection::hash_set(0i64..5_000, 0..80),
        ) {
            let (people, skills): (Vec<i64>, Vec<i64>) = (people.into_iter().collect(), skills.into_iter().collect());
            let blocks = blocks(&people, &skills);
            prop_assert!(blocks.len() <= people.len().div_ceil(LIST) * MOST_RANGES);
            for person in &people {
                for skill in &skills {
                    let holds = |block: &&Block| block.people.contains(person) && (block.first..=block.last).contains(skill);
                    prop_assert_eq!(blocks.iter().filter(holds).count(), 1);
                }
            }
        }
    }
}
