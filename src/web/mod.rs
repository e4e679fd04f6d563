pub mod assets;
pub mod components;
pub mod layout;
pub mod negotiation;
