//! What every page is made of and served with: static files, the frame around a page, and its components.

pub mod assets;
pub mod components;
pub mod layout;
pub mod negotiation;
