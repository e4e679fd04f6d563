//! The administration: its pages, who may see them, and what they change.

mod audit;
mod health;
mod jobs;
mod overview;
mod people;
mod policy_reports;
mod sessions;
mod settings;
mod switches;
