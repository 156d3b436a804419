//! The schemas of two documents, numbered, as one direction has them.
//!
//! A schema is read when it is asked for, and once: what is equal on both sides
//! is numbered and no more.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::facets::{Facets, Id};
use super::hash::{Packed, packed};
use super::keywords::Reading;
use super::record::Name;
use super::side::Side;
use crate::document::Direction;
use crate::text::NodeId;

/// See the module.
pub(super) struct Space<'d> {
    pub(super) sides: Vec<Side<'d>>,
    pub(super) direction: Option<Direction>,
    state: RefCell<State<'d>>,
}

/// What is known of schemas by their numbers.
pub(super) struct State<'d> {
    slots: Vec<Slot>,
    numbers: FxHashMap<Packed, Id>,
    /// Those that a bare `$ref` leads to: they may hold themselves.
    shared: FxHashSet<Id>,
    /// The names of members, one of each.
    names: FxHashMap<&'d str, Name>,
}

struct Slot {
    /// Which document, 0 or 1, and where; `None` for what was made here.
    origin: Option<(usize, NodeId)>,
    /// Once it was asked for.
    facets: Option<Rc<Facets>>,
}

impl<'d> Space<'d> {
    pub(super) fn new(sides: Vec<Side<'d>>, direction: Option<Direction>) -> Self {
        let mut state = State {
            slots: Vec::new(),
            numbers: FxHashMap::default(),
            shared: FxHashSet::default(),
            names: FxHashMap::default(),
        };
        // The first one is the schema that nothing satisfies.
        state.made(Facets { never: true, ..Facets::default() });
        Self { sides, direction, state: RefCell::new(state) }
    }

    /// How many schemas were numbered or made.
    pub(super) fn len(&self) -> usize {
        // The one that nothing satisfies is always there.
        self.state.borrow().slots.len() - 1
    }

    /// Whether references lead to a schema.
    pub(super) fn is_shared(&self, id: Id) -> bool {
        self.state.borrow().shared.contains(&id)
    }

    /// Where a schema stands; `None` for what was made here.
    pub(super) fn origin(&self, id: Id) -> Option<(usize, NodeId)> {
        self.state.borrow().slots[id as usize].origin
    }

    /// What a schema says.
    pub(super) fn get(&self, id: Id) -> Rc<Facets> {
        let state = &mut *self.state.borrow_mut();
        let slot = &state.slots[id as usize];
        if let Some(facets) = &slot.facets {
            return facets.clone();
        }
        let facets = match slot.origin {
            Some((side, node)) => {
                let mut reading = Reading { sides: &self.sides, direction: self.direction, state };
                Rc::new(reading.facets(side, node))
            }
            None => Rc::default(),
        };
        state.slots[id as usize].facets = Some(facets.clone());
        facets
    }

    /// A schema of our own making.
    pub(super) fn made(&mut self, facets: Facets) -> Id {
        self.state.get_mut().made(facets)
    }

    /// The number of the schema at a node.
    pub(super) fn schema(&mut self, side: usize, node: NodeId) -> Id {
        self.state.get_mut().number(&self.sides, side, node)
    }
}

impl<'d> State<'d> {
    pub(super) fn made(&mut self, facets: Facets) -> Id {
        self.slots.push(Slot { origin: None, facets: Some(Rc::new(facets)) });
        (self.slots.len() - 1) as Id
    }

    pub(super) fn number(&mut self, sides: &[Side<'d>], side: usize, node: NodeId) -> Id {
        if let Some(id) = self.numbers.get(&packed((side, node))) {
            return *id;
        }
        let meant = sides[side].meant(node);
        let id = match self.numbers.get(&packed((side, meant))) {
            Some(id) => *id,
            None => {
                self.slots.push(Slot { origin: Some((side, meant)), facets: None });
                let id = (self.slots.len() - 1) as Id;
                self.numbers.insert(packed((side, meant)), id);
                id
            }
        };
        if meant != node {
            self.shared.insert(id);
            self.numbers.insert(packed((side, node)), id);
        }
        id
    }

    pub(super) fn name(&mut self, name: &'d str) -> Name {
        self.names.entry(name).or_insert_with(|| name.into()).clone()
    }
}
