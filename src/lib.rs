pub mod accounts;
pub mod cache;
pub mod clock;
pub mod db;
pub mod error;
pub mod events;
pub mod redis_server;
//! Quarterdeck: a self-hosted portal for teams that keep something running.

pub mod web;
//! Quarterdeck.

pub mod plugins;
pub mod tables;
pub mod config;
pub mod logging;
pub mod web;
