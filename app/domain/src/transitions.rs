//! States are a table: one enum, one list of edges, one way to advance.

use std::fmt::Debug;
use std::fmt::Write as _;

/// One permitted step.
#[derive(Clone, Copy, Debug)]
pub struct Edge<S, E> {
    pub from: S,
    pub event: E,
    pub to: S,
}

/// A lifecycle: every state, where it begins, where it may stay for ever, and every permitted step.
#[derive(Debug)]
pub struct Table<S: 'static, E: 'static> {
    pub name: &'static str,
    pub states: &'static [S],
    pub initial: S,
    pub finals: &'static [S],
    pub edges: &'static [Edge<S, E>],
}

/// The table has no such step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no step {event:?} from {from:?}")]
pub struct NoEdge<S: Debug, E: Debug> {
    pub from: S,
    pub event: E,
}

impl<S: Copy + Eq + Debug, E: Copy + Eq + Debug> Table<S, E> {
    /// Takes an edge.
    ///
    /// # Errors
    /// [`NoEdge`] when the table does not have it.
    pub fn advance(&self, from: S, event: E) -> Result<S, NoEdge<S, E>> {
        self.edges.iter().find(|e| e.from == from && e.event == event).map(|e| e.to).ok_or(NoEdge { from, event })
    }

    /// Everything wrong with the table itself: a state that cannot be reached, a dead end that is not final, two edges for one
    /// event. Empty when it is sound; the tests of each lifecycle assert that.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for &state in self.states {
            let reached = state == self.initial || self.edges.iter().any(|e| e.to == state && e.from != state);
            if !reached {
                faults.push(format!("{state:?} cannot be reached"));
            }
            let leaves = self.edges.iter().any(|e| e.from == state && e.to != state);
            if !leaves && !self.finals.contains(&state) {
                faults.push(format!("{state:?} is a dead end and not final"));
            }
        }
        for (i, edge) in self.edges.iter().enumerate() {
            if self.edges[..i].iter().any(|e| e.from == edge.from && e.event == edge.event) {
                faults.push(format!("two edges {:?} from {:?}", edge.event, edge.from));
            }
            for state in [edge.from, edge.to] {
                if !self.states.contains(&state) {
                    faults.push(format!("{state:?} is not listed"));
                }
            }
        }
        faults
    }

    /// The table as a Graphviz drawing; committed under `tests/golden` and compared there.
    pub fn graphviz(&self) -> String {
        let mut dot = format!("digraph {} {{\n  rankdir=LR;\n", self.name);
        for state in self.states {
            let shape = if self.finals.contains(state) { "doublecircle" } else { "ellipse" };
            let _ = writeln!(dot, "  {state:?} [shape={shape}];");
        }
        for Edge { from, event, to } in self.edges {
            let _ = writeln!(dot, "  {from:?} -> {to:?} [label=\"{event:?}\"];");
        }
        dot.push_str("}\n");
        dot
    }
}
