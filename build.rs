//! Prepares what `src/web/assets.rs` serves: joins the stylesheets of `assets/css` and the parts of `assets/matrix`,
//! `assets/tasks` and `assets/drafts`, makes one sprite and the `Icon` enum of `assets/icons`, names each file by its hash,
//! and compresses it with brotli and gzip.
//! The result is `assets.rs` and the files that it includes, all in OUT_DIR.

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// File name below `assets/` (with `/`) and content.
type Files = BTreeMap<String, Vec<u8>>;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=assets");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR")).join("assets");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));

    let icons = read_icons(&root.join("icons"));
    let mut files = Files::new();
    files.insert("icons.svg".into(), sprite(&icons).into_bytes());
    files.insert("app.css".into(), join_stylesheets(&root.join("css")));
    for folder in ["matrix", "tasks", "drafts"] {
        files.insert(format!("{folder}.js"), join_scripts(&root.join(folder)));
    }
    for folder in ["", "vendor", "fonts", "images"] {
        read_served(&root, folder, &mut files);
    }
    let hashed = hash_names(&mut files);

    let mut code = String::from("pub static ASSETS: &[Asset] = &[\n");
    for (name, body) in &files {
        write_asset(&out, name, &hashed[name], body, &mut code);
    }
    code.push_str("];\n");
    write_icon_enum(&icons, &hashed["icons.svg"], &mut code);
    fs::write(out.join("assets.rs"), code).expect("OUT_DIR is writable");
}

fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        _ => return None,
    })
}

/// The files of a folder, without its subfolders, that have a content type; a folder that isn't there has none.
fn read_served(root: &Path, folder: &str, files: &mut Files) {
    let Ok(entries) = fs::read_dir(root.join(folder)) else { return };
    for entry in entries {
        let entry = entry.expect("the assets folder is readable");
        let file = entry.file_name().into_string().expect("asset names are ASCII");
        if content_type(&file).is_none() || !entry.path().is_file() {
            continue;
        }
        let name = if folder.is_empty() { file } else { format!("{folder}/{file}") };
        files.insert(name, fs::read(entry.path()).expect("the asset is readable"));
    }
}

fn sorted_paths(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable folder").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|found| found == extension));
    paths.sort();
    paths
}

/// One request instead of five; the numbers in the file names give the order.
fn join_stylesheets(folder: &Path) -> Vec<u8> {
    let read = |path: &PathBuf| fs::read_to_string(path).expect("the stylesheet is UTF-8");
    // They stand one folder deeper than the file they become.
    let joined: String = sorted_paths(folder, "css").iter().map(read).collect();
    joined.replace("url(\"../", "url(\"").into_bytes()
}

/// A script that is written in parts, one for each concern: they share one closure, in the order of their numbers.
fn join_scripts(folder: &Path) -> Vec<u8> {
    let read = |path: &PathBuf| fs::read_to_string(path).expect("the script is UTF-8");
    let joined: String = sorted_paths(folder, "js").iter().map(read).collect();
    format!("(() => {{\n'use strict';\n{joined}}})();\n").into_bytes()
}

/// Symbol name and the SVG text of each icon.
fn read_icons(folder: &Path) -> Vec<(String, String)> {
    let paths = sorted_paths(folder, "svg");
    paths
        .iter()
        .map(|path| {
            let name = path.file_stem().and_then(|stem| stem.to_str()).expect("icon names are ASCII");
            (name.to_string(), fs::read_to_string(path).expect("the icon is UTF-8"))
        })
        .collect()
}

fn sprite(icons: &[(String, String)]) -> String {
    let mut sprite = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\"><!-- Icons except the logo: Font Awesome Free by @fontawesome, \
         https://fontawesome.com, CC BY 4.0, https://fontawesome.com/license/free -->",
    );
    for (name, svg) in icons {
        let view_box = between(svg, "viewBox=\"", "\"").unwrap_or_else(|| panic!("icons/{name}.svg has no viewBox"));
        let tag_end = svg.find('>').unwrap_or_else(|| panic!("icons/{name}.svg is not SVG")) + 1;
        let close = svg.rfind("</svg>").unwrap_or_else(|| panic!("icons/{name}.svg is not closed"));
        let drawing = without_comment(&svg[tag_end..close]);
        write!(sprite, "<symbol id=\"{name}\" viewBox=\"{view_box}\">{drawing}</symbol>").expect("a String takes all");
    }
    sprite + "</svg>\n"
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.split_once(before)?.1.split_once(after).map(|(found, _)| found)
}

/// The licence notice that opens each Font Awesome file stands once in the sprite instead.
fn without_comment(drawing: &str) -> &str {
    match drawing.split_once("-->") {
        Some((_, rest)) => rest,
        None => drawing,
    }
}

/// Gives each file its name with a hash in it. Stylesheets come last, since what they refer to must be named first.
fn hash_names(files: &mut Files) -> BTreeMap<String, String> {
    let (styles, others): (Vec<String>, Vec<String>) = files.keys().cloned().partition(|name| name.ends_with(".css"));
    let mut hashed = BTreeMap::new();
    for name in others {
        let with_hash = hashed_name(&name, &files[&name]);
        hashed.insert(name, with_hash);
    }
    for name in styles {
        let text = String::from_utf8(files[&name].clone()).expect("stylesheets are UTF-8");
        let body = point_urls(&name, &text, &hashed).into_bytes();
        hashed.insert(name.clone(), hashed_name(&name, &body));
        files.insert(name, body);
    }
    hashed
}

fn hashed_name(name: &str, body: &[u8]) -> String {
    let (stem, extension) = name.rsplit_once('.').expect("an asset has an extension");
    format!("{stem}.{}.{extension}", &digest(body)[..10])
}

fn digest(body: &[u8]) -> String {
    Sha256::digest(body).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// Replaces the names in `url("…")` with the hashed ones; a name that no file has fails the build.
fn point_urls(stylesheet: &str, text: &str, hashed: &BTreeMap<String, String>) -> String {
    let mut parts = text.split("url(\"");
    let mut result = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let (url, rest) = part.split_once('"').unwrap_or_else(|| panic!("{stylesheet}: url(\" without its end"));
        let target = match url.starts_with("data:") {
            true => url,
            false => hashed.get(url).unwrap_or_else(|| panic!("{stylesheet}: no asset has the name {url}")),
        };
        write!(result, "url(\"{target}\"{rest}").expect("a String takes all");
    }
    result
}

fn write_asset(out: &Path, name: &str, hashed: &str, body: &[u8], code: &mut String) {
    let kind = content_type(name).expect("only files with a content type are read");
    let identity = include(out, hashed, "", body);
    let br = smaller(body, brotli(body)).map(|bytes| include(out, hashed, ".br", &bytes));
    let gzip = smaller(body, gzip(body)).map(|bytes| include(out, hashed, ".gz", &bytes));
    let option = |included: Option<String>| included.map_or("None".into(), |code| format!("Some({code})"));
    writeln!(
        code,
        "    Asset {{ name: {name:?}, hashed_url: \"/assets/{hashed}\", content_type: {kind:?}, hash: {:?}, \
         identity: {identity}, br: {}, gzip: {} }},",
        &digest(body)[..20],
        option(br),
        option(gzip),
    )
    .expect("a String takes all");
}

/// Writes the bytes into OUT_DIR and gives the code that includes them.
fn include(out: &Path, hashed: &str, suffix: &str, bytes: &[u8]) -> String {
    let file = format!("{}{suffix}", hashed.replace('/', "-"));
    fs::write(out.join(&file), bytes).expect("OUT_DIR is writable");
    format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{file}\"))")
}

/// Compression that saves less than a twentieth is not worth its decompression.
fn smaller(body: &[u8], packed: Vec<u8>) -> Option<Vec<u8>> {
    (packed.len() * 20 < body.len() * 19).then_some(packed)
}

fn brotli(body: &[u8]) -> Vec<u8> {
    let release = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let quality = if release { 11 } else { 5 };
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 4096, quality, 22);
    writer.write_all(body).expect("a Vec takes all");
    drop(writer);
    packed
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(body).expect("a Vec takes all");
    encoder.finish().expect("a Vec takes all")
}

fn write_icon_enum(icons: &[(String, String)], sprite: &str, code: &mut String) {
    let mut variants = String::new();
    let mut arms = String::new();
    for (name, _) in icons {
        let variant = camel_case(name);
        writeln!(variants, "    {variant},").expect("a String takes all");
        writeln!(arms, "            Icon::{variant} => \"/assets/{sprite}#{name}\",").expect("a String takes all");
    }
    write!(
        code,
        "/// The icons in the sprite, named as the files in `assets/icons`.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub enum Icon {{\n{variants}}}\n\n\
         impl Icon {{\n    /// The address of the icon's symbol in the sprite.\n    \
         pub fn href(self) -> &'static str {{\n        match self {{\n{arms}        }}\n    }}\n}}\n"
    )
    .expect("a String takes all");
}

fn camel_case(name: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    name.split('-').map(capital).collect()
}
