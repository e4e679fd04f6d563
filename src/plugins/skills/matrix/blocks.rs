//! The cells of a window as blocks of the ratings' key, which begins with the person: pure arithmetic, no database.
//!
//! To look for every cell by itself costs thousands of steps down an index, and to read all ratings of the people shown
//! costs more the more skills there are. But skills of one category were mostly added together, so that their ids lie close
//! together: then a block is one short range of skills for each of its people, on every database. Only where a window's ids
//! are scattered is each sought by itself.

use crate::db::LIST;

/// Ids that lie no further apart than this belong to one range, so that at most this many cells are read for one shown.
const NEAR: i64 = 4;
/// With more ranges than this, each of which is a query, it costs less to seek every cell. All queries run at the same time.
const MOST_RANGES: usize = 4;

/// Some people of a window, at least one and at most `LIST`, and some of its skills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<'a> {
    pub people: &'a [i64],
    pub skills: Skills,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Skills {
    /// From the first to the last id. Some of those between may not be in the window.
    Between(i64, i64),
    /// These ids, at most `LIST`.
    Each(Vec<i64>),
}

/// Blocks that together hold every cell of these people and skills, each cell once.
pub fn blocks<'a>(people: &'a [i64], skills: &[i64]) -> Vec<Block<'a>> {
    let parts = parts(skills);
    let of = |people: &'a [i64]| parts.iter().map(move |skills| Block { people, skills: skills.clone() });
    people.chunks(LIST).flat_map(of).collect()
}

fn parts(ids: &[i64]) -> Vec<Skills> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    let ranges = ids.chunk_by(|one, next| next - one <= NEAR);
    if ranges.clone().count() <= MOST_RANGES {
        ranges.map(|range| Skills::Between(range[0], range[range.len() - 1])).collect()
    } else {
        ids.chunks(LIST).map(|ids| Skills::Each(ids.to_vec())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Skills::{Between, Each};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_that_lie_together_make_one_range() {
        assert_eq!(parts(&[]), []);
        assert_eq!(parts(&[7]), [Between(7, 7)]);
        assert_eq!(parts(&[9, 3, 5, 13]), [Between(3, 13)], "in any order, over small gaps");
        assert_eq!(parts(&[100, 1, 2, 101]), [Between(1, 2), Between(100, 101)]);
    }

    #[test]
    fn scattered_ids_are_sought_one_by_one() {
        assert_eq!(parts(&[500, 400, 300, 200, 100]), [Each(vec![100, 200, 300, 400, 500])]);
    }

    #[test]
    fn without_people_or_skills_there_is_no_block() {
        assert_eq!(blocks(&[], &[1, 2]), []);
        assert_eq!(blocks(&[1, 2], &[]), []);
    }

    proptest! {
        #[test]
        fn every_cell_is_in_exactly_one_block(
            people in prop::collection::hash_set(0i64..10_000, 0..150),
            skills in prop::collection::hash_set(0i64..500, 0..80),
        ) {
            let (people, skills): (Vec<i64>, Vec<i64>) = (people.into_iter().collect(), skills.into_iter().collect());
            let blocks = blocks(&people, &skills);
            prop_assert!(blocks.len() <= people.len().div_ceil(LIST) * MOST_RANGES);
            for skill in &skills {
                let holds = |block: &&Block| match &block.skills {
                    Between(first, last) => (first..=last).contains(&skill),
                    Each(ids) => ids.contains(skill),
                };
                let mut held: Vec<i64> = blocks.iter().filter(holds).flat_map(|block| block.people).copied().collect();
                held.sort_unstable();
                let mut all = people.clone();
                all.sort_unstable();
                prop_assert_eq!(held, all);
            }
        }
    }
}
