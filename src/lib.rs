//! Quarterdeck: a self-hosted portal for teams that keep something running.

pub mod web;
