mod import_files;
mod tables;
