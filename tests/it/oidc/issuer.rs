//! An issuer of OpenID Connect on a port of its own: it describes itself, and gives an identity for a code, which it
//! signs. The test stands in for the browser and for the person who logs in there.

use crate::raw_http::{NEVER, RunningServer, start};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use poem::web::{Data, Form, Json};
use poem::{EndpointExt, Route, get, handler, post};
use quarterdeck::web::server::Limits;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    Es256,
    Rs256,
}

pub struct Issuer {
    pub url: String,
    state: Arc<State>,
    _server: RunningServer,
}

struct State {
    ec: EcdsaKeyPair,
    rsa: RsaKeyPair,
    url: Mutex<String>,
    codes: Mutex<HashMap<String, Grant>>,
}

#[derive(Clone)]
struct Grant {
    challenge: String,
    claims: Value,
    algorithm: Algorithm,
    forged: bool,
}

impl Issuer {
    pub async fn start() -> Issuer {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let ec = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random).unwrap();
        let rsa = RsaKeyPair::from_pkcs8(include_bytes!("../../data/issuer-rs256.pk8")).unwrap();
        let state = Arc::new(State { ec, rsa, url: Mutex::default(), codes: Mutex::default() });
        let routes = Route::new()
            .at("/.well-known/openid-configuration", get(describe))
            .at("/keys", get(keys))
            .at("/token", post(token))
            .data(state.clone());
        let limits = Limits { header_timeout: NEVER, idle_timeout: NEVER, drain: NEVER, ..Limits::default() };
        let server = start(routes, limits).await;
        let url = format!("http://{}", server.address);
        *state.url.lock().unwrap() = url.clone();
        Issuer { url, state, _server: server }
    }

    /// The person has logged in there; the code is what their browser brings back. `claims` are added to the usual ones.
    pub fn grant(&self, address: &Address, claims: Value, algorithm: Algorithm) -> String {
        self.grant_as(address, claims, algorithm, false)
    }

    /// Signed by somebody else.
    pub fn forge(&self, address: &Address, claims: Value) -> String {
        self.grant_as(address, claims, Algorithm::Es256, true)
    }

    fn grant_as(&self, address: &Address, claims: Value, algorithm: Algorithm, forged: bool) -> String {
        let mut all = json!({
            "iss": self.url, "sub": "person-7", "aud": "quarterdeck", "nonce": address.of("nonce"),
            "iat": crate::support::NOW_MS / 1000, "exp": crate::support::NOW_MS / 1000 + 300,
            "email": "mia.member@example.org", "email_verified": true, "name": "Mia Member",
        });
        for (name, value) in claims.as_object().unwrap() {
            all[name] = value.clone();
        }
        let code = format!("code-{}", self.state.codes.lock().unwrap().len());
        let grant = Grant { challenge: address.of("code_challenge"), claims: all, algorithm, forged };
        self.state.codes.lock().unwrap().insert(code.clone(), grant);
        code
    }
}

/// Where the portal sends somebody.
pub struct Address(pub String);

impl Address {
    pub fn of(&self, name: &str) -> String {
        let query = self.0.split_once('?').unwrap().1;
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap();
        pairs.into_iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("no {name} in {}", self.0)).1
    }
}

#[handler]
fn describe(state: Data<&Arc<State>>) -> Json<Value> {
    let url = state.url.lock().unwrap().clone();
    Json(json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
    }))
}

#[handler]
fn keys(state: Data<&Arc<State>>) -> Json<Value> {
    let point = state.ec.public_key().as_ref();
    let rsa = RsaPublicKeyComponents::<Vec<u8>>::from(state.rsa.public());
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    Json(json!({ "keys": [
        { "kty": "EC", "use": "sig", "kid": "ec", "alg": "ES256", "crv": "P-256", "x": text(&point[1..33]), "y": text(&point[33..]) },
        { "kty": "RSA", "use": "sig", "kid": "rsa", "alg": "RS256", "n": text(&rsa.n), "e": text(&rsa.e) },
    ] }))
}

#[handler]
fn token(
    state: Data<&Arc<State>>,
    request: &poem::Request,
    Form(form): Form<HashMap<String, String>>,
) -> poem::Result<Json<Value>> {
    let refused = || poem::Error::from_status(poem::http::StatusCode::BAD_REQUEST);
    // RFC 6749, section 2.3.1: quarterdeck:secret.
    if request.header("authorization") != Some("Basic cXVhcnRlcmRlY2s6c2VjcmV0") {
        return Err(refused());
    }
    // A code is given once.
    let grant = state.codes.lock().unwrap().remove(form.get("code").map_or("", String::as_str)).ok_or_else(refused)?;
    let verifier = form.get("code_verifier").map_or("", String::as_str);
    if URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) != grant.challenge {
        return Err(refused());
    }
    Ok(Json(json!({ "access_token": "x", "token_type": "Bearer", "id_token": signed(&state, &grant) })))
}

fn signed(state: &State, grant: &Grant) -> String {
    let (alg, kid) = match grant.algorithm {
        Algorithm::Es256 => ("ES256", "ec"),
        Algorithm::Rs256 => ("RS256", "rsa"),
    };
    let head = URL_SAFE_NO_PAD.encode(json!({ "alg": alg, "kid": kid, "typ": "JWT" }).to_string());
    let body = URL_SAFE_NO_PAD.encode(grant.claims.to_string());
    let text = format!("{head}.{body}");
    let random = SystemRandom::new();
    let mut signature = match grant.algorithm {
        Algorithm::Es256 => state.ec.sign(&random, text.as_bytes()).unwrap().as_ref().to_vec(),
        Algorithm::Rs256 => {
            let mut signature = vec![0; state.rsa.public().modulus_len()];
            state.rsa.sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature).unwrap();
            signature
        }
    };
    if grant.forged {
        signature[7] ^= 1;
    }
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}
