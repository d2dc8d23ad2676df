//! The square of a two-dimensional code: which modules are dark, and the bars or outlines they are drawn with.

use std::collections::BTreeMap;

/// The square of a code, row by row, without its quiet zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modules {
    width: usize,
    dark: Vec<bool>,
}

impl Modules {
    /// From the modules row by row; what is missing of the last row is light.
    pub(crate) fn new(width: usize, dark: impl IntoIterator<Item = bool>) -> Self {
        Self { width, dark: dark.into_iter().collect() }
    }

    /// Modules per side.
    pub fn width(&self) -> usize {
        self.width
    }

    /// False outside the square: around it all is light.
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.width && self.dark.get(y * self.width + x).copied().unwrap_or(false)
    }

    /// Dark runs of a row as `(first module, length)`: few long bars instead of many squares, and no hairlines between them.
    pub fn runs(&self, y: usize) -> Vec<(usize, usize)> {
        let mut runs: Vec<(usize, usize)> = Vec::new();
        for x in (0..self.width).filter(|&x| self.is_dark(x, y)) {
            match runs.last_mut() {
                Some((start, length)) if *start + *length == x => *length += 1,
                _ => runs.push((x, 1)),
            }
        }
        runs
    }

    /// The edges between dark and light as closed polygons, dark on the right hand of who walks them: filled by the rule of non-zero
    /// winding they are the dark modules. Two thirds of the bytes that bars take.
    pub(crate) fn outlines(&self) -> Vec<Vec<(usize, usize)>> {
        // from each corner, row by row, the corners that an edge leads to: two where dark modules meet at a corner
        let mut edges: BTreeMap<(usize, usize), Vec<(usize, usize)>> = BTreeMap::new();
        let mut edge = |from: (usize, usize), to: (usize, usize)| edges.entry((from.1, from.0)).or_default().push(to);
        for y in 0..self.width {
            for x in (0..self.width).filter(|&x| self.is_dark(x, y)) {
                let is_light = |column: Option<usize>, row: Option<usize>| match (column, row) {
                    (Some(column), Some(row)) => !self.is_dark(column, row),
                    _ => true,
                };
                if is_light(Some(x), y.checked_sub(1)) {
                    edge((x, y), (x + 1, y));
                }
                if is_light(Some(x + 1), Some(y)) {
                    edge((x + 1, y), (x + 1, y + 1));
                }
                if is_light(Some(x), Some(y + 1)) {
                    edge((x + 1, y + 1), (x, y + 1));
                }
                if is_light(x.checked_sub(1), Some(y)) {
                    edge((x, y + 1), (x, y));
                }
            }
        }
        let mut outlines = Vec::new();
        while let Some((&(y, x), _)) = edges.first_key_value() {
            let mut outline: Vec<(usize, usize)> = vec![(x, y)];
            let mut at = (x, y);
            while let Some(next) = edges.get_mut(&(at.1, at.0)).and_then(Vec::pop) {
                if edges.get(&(at.1, at.0)).is_some_and(Vec::is_empty) {
                    edges.remove(&(at.1, at.0));
                }
                // only where it turns
                match outline[..] {
                    [.., (ax, ay), last] if (ax == last.0 && last.0 == next.0) || (ay == last.1 && last.1 == next.1) => {
                        outline.pop();
                    }
                    _ => {}
                }
                outline.push(next);
                at = next;
                if at == (x, y) {
                    outline.pop();
                    break;
                }
            }
            outlines.push(outline);
        }
        outlines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_cover_the_dark_modules_and_only_them() {
        // 33 columns of a pattern that begins, ends and breaks rows in every way
        let modules = Modules::new(33, (0..33 * 33).map(|i| i % 7 != 3 && i % 5 != 1));
        for y in 0..33 {
            let mut row = [false; 33];
            for (x, length) in modules.runs(y) {
                assert!(x == 0 || !modules.is_dark(x - 1, y), "runs are merged");
                row[x..x + length].fill(true);
            }
            assert!((0..33).all(|x| row[x] == modules.is_dark(x, y)));
        }
        assert!(!modules.is_dark(33, 0) && !modules.is_dark(0, 33));
    }

    /// How often the outlines wind around the middle of a module: what is not zero is filled.
    fn winding(outlines: &[Vec<(usize, usize)>], x: usize, y: usize) -> i32 {
        let mut winding = 0;
        for outline in outlines {
            for (n, &(from_x, from_y)) in outline.iter().enumerate() {
                let (to_x, to_y) = outline[(n + 1) % outline.len()];
                assert!((from_x == to_x) != (from_y == to_y), "{from_x} {from_y} to {to_x} {to_y} is no edge");
                // edges that a ray to the right crosses
                if from_x == to_x && from_x > x && from_y.min(to_y) <= y && y < from_y.max(to_y) {
                    winding += if to_y > from_y { 1 } else { -1 };
                }
            }
        }
        winding
    }

    #[test]
    fn outlines_hold_the_dark_modules_and_only_them() {
        for seed in 1..40_usize {
            let width = 3 + seed % 11;
            let modules = Modules::new(width, (0..width * width).map(|i| (i * i * seed + i * 7 + seed) % 13 < 6));
            let outlines = modules.outlines();
            for y in 0..width {
                for x in 0..width {
                    assert_eq!(winding(&outlines, x, y) != 0, modules.is_dark(x, y), "{seed}: {x} {y}");
                }
            }
        }
        assert!(Modules::new(3, [false; 9]).outlines().is_empty());
        assert_eq!(Modules::new(2, [true; 4]).outlines(), [[(0, 0), (2, 0), (2, 2), (0, 2)]]);
    }
}
