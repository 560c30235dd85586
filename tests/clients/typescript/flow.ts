/**
 * A complete flow with the types that openapi-typescript generates, openapi-fetch, and a sign-in by openid-client.
 *
 * The test runs it against a local stack. It reads all addresses and credentials from its environment.
 */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import createClient from "openapi-fetch";
import * as oidc from "openid-client";
import type { components, paths } from "./schema.js";

type Schemas = components["schemas"];
type Client = ReturnType<typeof createClient<paths>>;

const API = setting("API_URL");
const UNKNOWN_ID = "00000000-0000-7000-8000-000000000000";
const MORE_THAN_THE_GATEWAY_ACCEPTS = 10 * 1024 * 1024 + 1;
const MORE_THAN_THE_RATE_LIMIT = 300;

async function main(): Promise<void> {
  const user = await signIn(setting("USER_EMAIL"));
  const machine = await machineClient("items/read items/write");
  assert.equal(ok(await user.GET("/api/v1/me")).kind, "user");
  assert.equal(ok(await machine.GET("/api/v1/me")).kind, "machine");

  await pagesAndFilters(user);
  await changes(user);
  await bulk(machine);
  await attachments(user);
  await errors(user);
  await missingScope(await machineClient("items/read"));
  await tooManyRequests(await signIn(setting("OTHER_USER_EMAIL")));
  await sessions(user);
}

function setting(name: string): string {
  const value = process.env[name];
  assert(value, `the environment variable ${name} is missing`);
  return value;
}

/** Return the issuer's configuration (OpenID Connect Discovery). */
async function discover(clientId: string, authentication: oidc.ClientAuth): Promise<oidc.Configuration> {
  // Only a local stack has an issuer without TLS; leave allowInsecureRequests out for one on AWS.
  return oidc.discovery(new URL(setting("ISSUER")), clientId, undefined, authentication, {
    execute: [oidc.allowInsecureRequests],
  });
}

/** Sign a user in by the authorization code flow with PKCE; the library verifies the ID token. */
async function signIn(email: string): Promise<Client> {
  const configuration = await discover(setting("WEB_CLIENT_ID"), oidc.None());
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  const expectedState = oidc.randomState();
  const url = oidc.buildAuthorizationUrl(configuration, {
    redirect_uri: setting("REDIRECT_URI"),
    scope: "openid email profile",
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: expectedState,
  });
  const callback = await fillInForm(url, email, setting("USER_PASSWORD"));
  const tokens = await oidc.authorizationCodeGrant(configuration, callback, {
    pkceCodeVerifier,
    expectedState,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  assert(claims);
  const userInfo = await oidc.fetchUserInfo(configuration, tokens.access_token, claims.sub);
  assert.equal(userInfo.email, email);
  return clientWith(tokens.access_token);
}

/** Return the callback URL with the code, to which the sign-in page redirects; a browser does this for a person. */
async function fillInForm(url: URL, email: string, password: string): Promise<URL> {
  const page = await (await fetch(url)).text();
  const action = /<form method="post" action="([^"]*)"/.exec(page)?.[1];
  assert(action);
  const form = new URLSearchParams({ username: email, password });
  for (const [, name, value] of page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)) {
    assert(name !== undefined && value !== undefined);
    form.set(name, value.replaceAll("&amp;", "&"));
  }
  const response = await fetch(new URL(action, url), { method: "POST", body: form, redirect: "manual" });
  const location = response.headers.get("location");
  assert(location);
  return new URL(location);
}

/** Sign another program in by client credentials. */
async function machineClient(scope: string): Promise<Client> {
  const secret = oidc.ClientSecretBasic(setting("MACHINE_CLIENT_SECRET"));
  const configuration = await discover(setting("MACHINE_CLIENT_ID"), secret);
  const tokens = await oidc.clientCredentialsGrant(configuration, { scope });
  return clientWith(tokens.access_token);
}

function clientWith(token: string): Client {
  return createClient<paths>({ baseUrl: API, headers: { Authorization: `Bearer ${token}` } });
}

interface Result<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** Return the body of a response without an error. */
function ok<Data>(result: Result<Data>): Data {
  assert(result.response.ok && result.data !== undefined, JSON.stringify(result.error));
  return result.data;
}

/** Return the problem document of the service, for a response with this status. */
function problem(result: { error?: Schemas["Problem"] | Schemas["GatewayError"]; response: Response }, status: number) {
  assert.equal(result.response.status, status, JSON.stringify(result.error));
  assert(result.error && "type" in result.error, JSON.stringify(result.error));
  return result.error;
}

/** Return the message of API Gateway itself, for a response with this status. */
function gatewayMessage(
  result: { error?: Schemas["Problem"] | Schemas["GatewayError"]; response: Response },
  status: number,
): string {
  assert.equal(result.response.status, status, JSON.stringify(result.error));
  assert(result.error && "message" in result.error, JSON.stringify(result.error));
  return result.error.message;
}

function etag(result: { response: Response }): string {
  const value = result.response.headers.get("etag");
  assert(value);
  return value;
}

async function pagesAndFilters(client: Client): Promise<void> {
  const prefix = `Lamp ${randomUUID()}`;
  const tag = `t${randomUUID().slice(0, 8)}`;
  const ids: string[] = [];
  for (const number of [0, 1, 2]) {
    ids.push(ok(await client.POST("/api/v1/items", { body: { name: `${prefix} ${number}`, tags: [tag] } })).id);
  }
  assert.deepEqual(await everyId(client, { tag }), ids.toReversed(), "the newest is first");
  assert.deepEqual(await everyId(client, { name_prefix: prefix }), ids, "the order of the names");
  const all = await everyId(client, {});
  assert(ids.every((id) => all.includes(id)));
}

/** Return the ids of the items of all pages. */
async function everyId(client: Client, filters: { tag?: string; name_prefix?: string }): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Schemas["ItemPage"] = ok(
      await client.GET("/api/v1/items", { params: { query: { ...filters, limit: 2, cursor } } }),
    );
    ids.push(...page.items.map((item) => item.id));
    cursor = page.next_cursor;
  } while (cursor !== null);
  return ids;
}

async function changes(client: Client): Promise<void> {
  const created = await client.POST("/api/v1/items", {
    params: { header: { "Idempotency-Key": randomUUID() } },
    body: { name: "Desk lamp", description: "Bright", attributes: { watt: "5" } },
  });
  const path = { item_id: ok(created).id };

  const unchanged = await client.GET("/api/v1/items/{item_id}", {
    params: { path, header: { "If-None-Match": etag(created) } },
  });
  assert.equal(unchanged.response.status, 304);

  const patched = await client.PATCH("/api/v1/items/{item_id}", {
    params: { path, header: { "If-Match": etag(created) } },
    headers: { "Content-Type": "application/merge-patch+json" },
    body: { name: "Reading lamp", attributes: { watt: null, color: "red" } },
  });
  const reading = ok(patched);
  assert.equal(reading.name, "Reading lamp");
  assert.equal(reading.description, "Bright");
  assert.deepEqual(reading.attributes, { color: "red" });

  const replaced = await client.PUT("/api/v1/items/{item_id}", {
    params: { path, header: { "If-Match": etag(patched) } },
    body: { name: "Chair" },
  });
  const chair = ok(replaced);
  assert.deepEqual([chair.name, chair.description, chair.attributes, chair.version], ["Chair", "", {}, 3]);

  const deleted = await client.DELETE("/api/v1/items/{item_id}", {
    params: { path, header: { "If-Match": etag(replaced) } },
  });
  assert.equal(deleted.response.status, 204);
}

async function bulk(client: Client): Promise<void> {
  const { results } = ok(
    await client.POST("/api/v1/items/bulk", {
      body: { items: [{ name: "Valid" }, { name: "Invalid", tags: ["Not a tag"] }] },
    }),
  );
  const [valid, invalid] = results;
  assert(valid && "id" in valid);
  assert(invalid && "problem" in invalid);
  assert.deepEqual([valid.status, invalid.status, invalid.problem.status], [201, 422, 422]);
  const path = { item_id: valid.id };
  assert.equal(ok(await client.GET("/api/v1/items/{item_id}", { params: { path } })).name, "Valid");
}

async function attachments(client: Client): Promise<void> {
  const created = await client.POST("/api/v1/items", { body: { name: "With a manual" } });
  const item = { item_id: ok(created).id };
  const { id, upload } = ok(
    await client.POST("/api/v1/items/{item_id}/attachments", {
      params: { path: item },
      body: { file_name: "manual.txt", content_type: "text/plain" },
    }),
  );

  const content = "Switch it on.";
  const form = new FormData();
  for (const [name, value] of Object.entries(upload.fields)) form.set(name, value);
  form.set("file", new Blob([content]));
  assert((await fetch(upload.url, { method: "POST", body: form })).ok);
  const listed = ok(await client.GET("/api/v1/items/{item_id}/attachments", { params: { path: item } })).attachments;
  assert.deepEqual(
    listed.map((each) => [each.id, each.uploaded]),
    [[id, true]],
  );

  const path = { ...item, attachment_id: id };
  const found = ok(await client.GET("/api/v1/items/{item_id}/attachments/{attachment_id}", { params: { path } }));
  assert.equal(await (await fetch(found.download.url)).text(), content);

  const conflict = await client.DELETE("/api/v1/items/{item_id}", {
    params: { path: item, header: { "If-Match": etag(created) } },
  });
  problem(conflict, 409);
  const removed = await client.DELETE("/api/v1/items/{item_id}/attachments/{attachment_id}", { params: { path } });
  assert.equal(removed.response.status, 204);
  const current = etag(await client.GET("/api/v1/items/{item_id}", { params: { path: item } }));
  const deleted = await client.DELETE("/api/v1/items/{item_id}", {
    params: { path: item, header: { "If-Match": current } },
  });
  assert.equal(deleted.response.status, 204);
}

async function errors(client: Client): Promise<void> {
  assert.equal(gatewayMessage(await clientWith("invalid").GET("/api/v1/me"), 401), "Unauthorized");

  problem(await client.GET("/api/v1/items", { params: { query: { cursor: "invalid" } } }), 400);
  problem(await client.GET("/api/v1/items/{item_id}", { params: { path: { item_id: UNKNOWN_ID } } }), 404);

  const header = { "Idempotency-Key": randomUUID() };
  const created = await client.POST("/api/v1/items", { params: { header }, body: { name: "First" } });
  const path = { item_id: ok(created).id };
  problem(await client.POST("/api/v1/items", { params: { header }, body: { name: "Other" } }), 422);

  const stale = { path, header: { "If-Match": etag(created) } };
  const changed = await client.PATCH("/api/v1/items/{item_id}", { params: stale, body: { name: "Second" } });
  ok(changed);
  const rejected = await client.PUT("/api/v1/items/{item_id}", { params: stale, body: { name: "Third" } });
  problem(rejected, 412);
  assert.equal(etag(rejected), etag(changed), "the version to read before the next attempt");

  // @ts-expect-error the types require the header
  problem(await client.DELETE("/api/v1/items/{item_id}", { params: { path } }), 428);

  const tooLarge = { name: "n".repeat(MORE_THAN_THE_GATEWAY_ACCEPTS) };
  gatewayMessage(await client.POST("/api/v1/items", { body: tooLarge }), 413);

  const mediaType = { headers: { "Content-Type": "text/plain" } };
  problem(await client.POST("/api/v1/items", { ...mediaType, body: { name: "Lamp" } }), 415);

  const invalid = problem(await client.POST("/api/v1/items", { body: { name: " " } }), 422);
  assert.deepEqual(
    invalid.errors?.map((each) => each.location),
    ["body.name"],
  );
  assert(invalid.request_id);
}

async function missingScope(reader: Client): Promise<void> {
  ok(await reader.GET("/api/v1/items"));
  problem(await reader.POST("/api/v1/items", { body: { name: "Lamp" } }), 403);
}

/** Exceed the rate limit of the caller. The throttle of the route, which the gateway applies, may be first. */
async function tooManyRequests(client: Client): Promise<void> {
  for (let sent = 0; sent < MORE_THAN_THE_RATE_LIMIT; sent++) {
    const result = await client.GET("/api/v1/items", { params: { query: { limit: 1 } } });
    if (result.error && "type" in result.error) {
      problem(result, 429);
      const seconds = Number(result.response.headers.get("retry-after"));
      assert(seconds > 0 && seconds <= 60);
      return;
    }
  }
  assert.fail("the rate limit was not reached");
}

async function sessions(client: Client): Promise<void> {
  const listed = ok(await client.GET("/api/v1/sessions")).sessions;
  const current = listed.find((session) => session.current);
  assert(current);
  const path = { session_id: current.id };
  const revoked = await client.DELETE("/api/v1/sessions/{session_id}", { params: { path } });
  assert.equal(revoked.response.status, 204);
  problem(await client.GET("/api/v1/me"), 401);
}

await main();
