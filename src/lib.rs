//! Quarterdeck: a self-hosted portal for teams that keep something running.
//!
//! Modules in reading order, each below those that may use it. ARCHITECTURE.md tells why.

pub mod error;

pub mod config;
pub mod logging;

pub mod clock;
pub mod db;
pub mod reach;
pub mod redis_server;
pub mod seals;
pub mod tables;

pub mod blobs;
pub mod cache;
pub mod events;
pub mod settings;

pub mod outbox;

pub mod accounts;
pub mod jobs;
pub mod notices;
pub mod policy_reports;

pub mod app;
pub mod chores;
pub mod delivery;
pub mod plugin;
pub mod web;

pub mod plugins;

pub mod commands;
pub mod demo;
