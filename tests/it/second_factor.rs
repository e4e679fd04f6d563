//! The second factor: an app with codes, recovery codes, passkeys, and roles that require one.

use crate::log_in::with_password;
use crate::support::{Answer, PASSWORD, TestApp, Visitor, everywhere, on_every_database};
use poem::http::{Method, StatusCode};
use quarterdeck::accounts::roles::{self, RoleEdit};
use quarterdeck::accounts::{ACCESS_TOPIC, Actor};
use quarterdeck::sql;
use totp_rs::{Builder, Secret};

const MINUTE_MS: i64 = 60_000;
const MIA: &str = "mia.member@example.org";

/// An app that has read the picture.
struct Phone(Secret);

impl Phone {
    fn code(&self, app: &TestApp) -> String {
        let totp = Builder::new().with_secret(self.0.clone()).with_account_name("x").build().unwrap();
        totp.generate(app.app.now_ms() as u64 / 1000).to_string()
    }
}

/// Sets an app up, and returns it with the recovery codes.
async fn set_up(app: &TestApp, mia: &Visitor<'_>) -> (Phone, Vec<String>) {
    let page = mia.get("/account/second-factor/app/new").await;
    page.has_status(StatusCode::OK).is_page().shows("<svg class=\"qr\"").hides("style=");
    let typed =
        page.text().split_once("<code class=\"secret\">").unwrap().1.split('<').next().unwrap().replace(' ', "");
    let phone = Phone(Secret::try_from_base32(typed).unwrap());
    let fields = [("secret", page.hidden("secret")), ("code", phone.code(app))];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let done = mia.post("/account/second-factor/app", &fields).await;
    done.has_status(StatusCode::OK).shows("Recovery codes");
    let codes = done.text().split("<li><code>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned());
    (phone, codes.collect())
}

/// Gives address and password, and comes to the second step.
async fn first_step<'a>(app: &'a TestApp) -> Visitor<'a> {
    let mut visitor = app.stranger();
    let answer = visitor.post("/login", &[("email", MIA), ("password", PASSWORD), ("next", "/account")]).await;
    answer.leads_to("/login/second-factor");
    assert!(!answer.headers.get_all("set-cookie").iter().any(|set| set.to_str().unwrap().starts_with("session=")));
    visitor.keep_cookies(&answer);
    visitor
}

async fn second_step(visitor: &Visitor<'_>, code: &str) -> Answer {
    visitor.post("/login/second-factor", &[("code", code)]).await
}

#[tokio::test]
async fn a_password_alone_opens_nothing_any_more() {
    everywhere(async |app| {
        let id = with_password(app, "Mia Member").await;
        let mia = app.visit_as(id).await;
        let (phone, codes) = set_up(app, &mia).await;
        assert_eq!(codes.len(), 10);
        app.app.clock.advance(MINUTE_MS);
        let mut visitor = first_step(app).await;
        visitor.get("/account").await.has_status(StatusCode::SEE_OTHER);
        visitor.get("/login/second-factor").await.has_status(StatusCode::OK).shows("One more step");
        second_step(&visitor, "000000").await.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("does not fit");
        let code = phone.code(app);
        let answer = second_step(&visitor, &code).await;
        answer.leads_to("/account");
        visitor.keep_cookies(&answer);
        visitor.get("/account").await.has_status(StatusCode::OK);
        // The same code opens nothing a second time, for whoever has seen it.
        second_step(&first_step(app).await, &code).await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
        let typed = format!(" {} ", codes[3].to_uppercase().replace('-', " "));
        second_step(&first_step(app).await, &typed).await.leads_to("/account");
        second_step(&first_step(app).await, &codes[3]).await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
        mia.get("/account/second-factor").await.shows("9 recovery codes are left");
    })
    .await;
}

#[tokio::test]
async fn a_secret_is_sealed_in_the_database_and_for_its_person() {
    on_every_database(async |app| {
        let mia = app.sign_in("member", "Mia Member", None).await;
        let tom = app.sign_in("member", "Tom Member", None).await;
        let page = mia.get("/account/second-factor/app/new").await;
        let sealed = page.hidden("secret");
        tom.post("/account/second-factor/app", &[("secret", &sealed), ("code", "123456")])
            .await
            .has_status(StatusCode::SEE_OTHER);
        let wrong = mia.post("/account/second-factor/app", &[("secret", &sealed), ("code", "12")]).await;
        wrong.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page().shows("does not fit").shows("<svg");
        let (phone, _) = set_up(app, &mia).await;
        let query = app.app.db.q(sql!("SELECT secret FROM totp_secrets"));
        let (stored,) = query.one::<(String,)>().await.unwrap();
        assert!(!stored.contains(&phone.0.to_base32()));
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM recovery_codes")).await, 10);
    })
    .await;
}

#[tokio::test]
async fn an_app_is_removed_and_codes_are_renewed_by_who_shows_a_code() {
    on_every_database(async |app| {
        let mia = app.sign_in("member", "Mia Member", None).await;
        let (phone, codes) = set_up(app, &mia).await;
        let removal = "/account/second-factor/app/removal";
        mia.post(removal, &[("code", "000000")])
            .await
            .has_status(StatusCode::UNPROCESSABLE_ENTITY)
            .shows("does not fit");
        app.app.clock.advance(MINUTE_MS);
        let renewed = mia.post("/account/second-factor/recovery-codes", &[("code", &phone.code(app))]).await;
        renewed.has_status(StatusCode::OK).shows("old recovery codes are void").hides(&codes[0]);
        mia.post(removal, &[("code", &codes[0])]).await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
        app.app.clock.advance(MINUTE_MS);
        mia.post(removal, &[("code", &phone.code(app))]).await.leads_to("/account/second-factor");
        mia.get("/account/second-factor").await.shows("Set an app up");
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM recovery_codes")).await, 0);
    })
    .await;
}

#[tokio::test]
async fn codes_cannot_be_guessed_by_trying_them_all() {
    let app = TestApp::sqlite().await;
    let id = with_password(&app, "Mia Member").await;
    let mia = app.visit_as(id).await;
    let (phone, _) = set_up(&app, &mia).await;
    app.app.clock.advance(MINUTE_MS);
    let visitor = first_step(&app).await;
    for _ in 0..6 {
        second_step(&visitor, "000000").await.has_status(StatusCode::UNPROCESSABLE_ENTITY);
    }
    second_step(&visitor, &phone.code(&app)).await.has_status(StatusCode::TOO_MANY_REQUESTS);
    for _ in 0..11 {
        mia.post("/account/second-factor/app/removal", &[("code", "000000")]).await;
    }
    let late = mia.post("/account/second-factor/app/removal", &[("code", &phone.code(&app))]).await;
    late.has_status(StatusCode::SERVICE_UNAVAILABLE).shows("wrong too often");
    app.stop().await;
}

#[tokio::test]
async fn a_second_step_belongs_to_its_first_one() {
    let app = TestApp::sqlite().await;
    let id = with_password(&app, "Mia Member").await;
    let mia = app.visit_as(id).await;
    let (phone, _) = set_up(&app, &mia).await;
    app.app.clock.advance(MINUTE_MS);
    second_step(&app.stranger(), &phone.code(&app)).await.leads_to("/login");
    let visitor = first_step(&app).await;
    let mut forged = app.stranger();
    forged.cookie = format!("step-second-factor={}x", visitor.cookie_named("step-second-factor").unwrap());
    second_step(&forged, &phone.code(&app)).await.leads_to("/login");
    // What was sealed for one step is none for another.
    forged.cookie = format!("step-elsewhere={}", visitor.cookie_named("step-second-factor").unwrap());
    let answer = forged.get("/login/oidc/callback?code=x&state=y").await;
    answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("not begun in this browser");
    app.app.clock.advance(11 * MINUTE_MS);
    second_step(&visitor, &phone.code(&app)).await.leads_to("/login");
    // Nor does it outlive the password.
    let visitor = first_step(&app).await;
    let set = quarterdeck::accounts::people::set_password(&app.app.db, id, "$changed$", app.app.now_ms()).await;
    set.unwrap();
    second_step(&visitor, &phone.code(&app)).await.leads_to("/login");
    app.stop().await;
}

/// From now on leads show a second factor, and so does a deputy, whose role includes theirs.
async fn require_of_leads(app: &TestApp, deputy: i64) {
    let (access, actor, now) = (&app.app.access, Actor::system(), app.app.now_ms());
    let table = access.table().await.unwrap();
    let (lead, facts) = table.facts.roles.iter().find(|(_, role)| role.name == "lead").unwrap();
    let edit = RoleEdit { second_factor: true, ..RoleEdit::of(facts) };
    roles::save(access, &actor, (*lead, facts.version), &edit, now).await.unwrap();
    let deputies = RoleEdit { title: "Deputy".to_owned(), parents: [*lead].into(), ..RoleEdit::default() };
    let role = roles::create(access, &actor, &deputies, now).await.unwrap();
    let mut tx = app.app.db.begin().await.unwrap();
    roles::give(&mut tx, &actor, deputy, role, now).await.unwrap();
    tx.commit().await.unwrap();
    app.app.publish(ACCESS_TOPIC, "*").await;
}

#[tokio::test]
async fn who_lacks_a_factor_that_a_role_requires_can_only_set_one_up() {
    everywhere(async |app| {
        app.administrator().await;
        let mia = app.sign_in("lead", "Mia Member", None).await;
        let tom = app.sign_in("member", "Tom Member", None).await;
        mia.get("/").await.has_status(StatusCode::OK);
        let zoe = app.sign_in("member", "Zoe Deputy", None).await;
        require_of_leads(app, zoe.person_id).await;
        mia.get("/").await.leads_to("/account/second-factor");
        mia.get("/account").await.leads_to("/account/second-factor");
        mia.post("/people/teams", &[("name", "Yard")]).await.leads_to("/account/second-factor");
        let headers = [("hx-request", "true"), ("hx-request-type", "partial")];
        let partial = mia.send(Method::GET, "/account/sessions", &headers, None).await;
        assert_eq!(partial.header("hx-redirect"), "/account/second-factor");
        mia.get("/api/v1/people").await.has_status(StatusCode::FORBIDDEN).shows("second factor");
        mia.get("/account/second-factor").await.has_status(StatusCode::OK).shows("Your role requires a second factor");
        zoe.get("/").await.leads_to("/account/second-factor");
        tom.get("/").await.has_status(StatusCode::OK);
        set_up(app, &mia).await;
        mia.get("/").await.has_status(StatusCode::OK);
        mia.get("/account/second-factor").await.hides("code-removal").shows("cannot be removed");
    })
    .await;
}

#[tokio::test]
async fn a_program_cannot_change_how_its_person_logs_in() {
    let app = TestApp::sqlite().await;
    let mia = app.sign_in("member", "Mia Member", None).await;
    let made = mia.post("/account/tokens", &[("name", "script"), ("days", "30")]).await;
    let token = made.text().split_once("breaking\">").unwrap().1.split('<').next().unwrap().to_owned();
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    for path in [
        "/account/password",
        "/account/second-factor/app",
        "/account/second-factor/app/removal",
        "/account/second-factor/recovery-codes",
        "/account/passkeys",
        "/account/passkeys/challenge",
        "/account/passkeys/1/removal",
        "/account/tokens",
        "/account/tokens/1/revocation",
    ] {
        let form = Some(("application/x-www-form-urlencoded", b"name=x&code=1&old=x&password=y".to_vec()));
        let answer = app.stranger().send(Method::POST, path, &headers, form).await;
        assert_eq!(answer.status, 403, "{path}: {}", answer.text());
    }
    app.stop().await;
}

#[tokio::test]
async fn passkeys_that_are_forged_or_replayed_open_nothing() {
    on_every_database(async |app| {
        let stranger = app.stranger();
        let asked = stranger.post("/login/passkey/challenge", &[]).await;
        asked.has_status(StatusCode::OK).shows("\"challenge\"").shows("\"userVerification\":\"required\"");
        let mut visitor = app.stranger();
        visitor.keep_cookies(&asked);
        for credential in ["", "{}", "null", "[1", FORGED] {
            let answer = visitor.post("/login/passkey", &[("credential", credential)]).await;
            answer.has_status(StatusCode::UNPROCESSABLE_ENTITY).shows("does not fit");
        }
        assert_eq!(app.count(sql!("SELECT COUNT(*) FROM used_steps")).await, 1, "a challenge is taken once");
        stranger.post("/login/passkey", &[("credential", FORGED)]).await.shows("took too long");
        stranger.post("/login/second-factor/passkey/challenge", &[]).await.has_status(StatusCode::SEE_OTHER);
        let mia = app.sign_in("member", "Mia Member", None).await;
        let begun = mia.post("/account/passkeys/challenge", &[]).await;
        begun.has_status(StatusCode::OK).shows("mia.member@example.org");
        let mut mia = mia;
        mia.keep_cookies(&begun);
        let refused = mia.post("/account/passkeys", &[("name", "Phone"), ("credential", FORGED)]).await;
        refused.has_status(StatusCode::UNPROCESSABLE_ENTITY).is_page().shows("value=\"Phone\"");
        mia.post("/account/passkeys/1/removal", &[]).await.has_status(StatusCode::NOT_FOUND);
    })
    .await;
}

/// As a browser would send it, with bytes that nobody signed.
const FORGED: &str = r#"{"id":"AAAA","rawId":"AAAA","type":"public-key","clientExtensionResults":{},
    "response":{"clientDataJSON":"e30","authenticatorData":"AAAA","signature":"AAAA","userHandle":"AAAA","attestationObject":"AAAA"}}"#;
