import { type Border, globals, source } from "./border.ts"

const outside: readonly Border[] = [
  ...["login", "http", "session", "cli"].map(folder => ({
    name: `${folder} does not talk to other machines`,
    at: `${source}/${folder}`,
    rule: "plugin",
    says: "other machines",
    violating: [
      `import { Pool } from "undici"\nnew Pool("https://example.com")`,
      `import { get } from "node:https"\nget("https://example.com")`,
      `import { request } from "node:http"\nrequest("http://example.com")`,
    ],
    allowed: [`import { createServer } from "node:http"\ncreateServer()`],
  })),
  ...["login", "http", "cli", "wechat"].map(folder => ({
    name: `${folder} does not call the global fetch`,
    at: `${source}/${folder}`,
    rule: globals,
    violating: [`await fetch("https://example.com")`],
    allowed: [`export const ask = (fetch: (url: string) => Promise<void>) => fetch("https://example.com")`],
  })),
  ...[`${source}/wechat/call.ts`, `${source}/verifier`].flatMap(at => [
    {
      name: `${at} may use undici`,
      at,
      rule: "plugin",
      violating: [`export const at = Date.now()`],
      allowed: [`import { Pool } from "undici"\nnew Pool("https://example.com")`],
    },
    {
      name: `${at} may use fetch, and no other global`,
      at,
      rule: globals,
      violating: [`export const home = process.env.HOME`],
      allowed: [`await fetch("https://example.com")`],
    },
  ]),
]

const environment: readonly Border[] = [
  ...["wechat", "login", "session", "store", "http", "frameworks", "verifier"].map(folder => ({
    name: `${folder} does not read the environment`,
    at: `${source}/${folder}`,
    rule: globals,
    violating: [`export const home = process.env.HOME`, `export const home = globalThis.process.env.HOME`],
    allowed: [`export const home = (env: { HOME: string }) => env.HOME`],
  })),
  {
    name: "the environment has no second name outside cli",
    at: `${source}/login`,
    rule: "plugin",
    says: "environment",
    violating: [`import process from "node:process"\nexport const home = process.env.HOME`],
    allowed: [`export const process = { env: {} }`],
  },
  {
    name: "options.ts and create-login.ts do not read the environment either",
    at: `${source}/options.ts`,
    rule: globals,
    violating: [`export const home = process.env.HOME`],
    allowed: [`export const id = crypto.randomUUID()`],
  },
  {
    name: "cli reads the environment",
    at: `${source}/cli`,
    rule: globals,
    violating: [`await fetch("https://example.com")`],
    allowed: [`export const home = process.env.HOME`],
  },
]

const timeAndChance = [
  `export const now = Date.now()`,
  `export const clock = { now: Date.now }`,
  `export const now = new Date()`,
  `export const id = Math.random()`,
  `import { randomUUID } from "node:crypto"\nexport const id = randomUUID()`,
  `import { createHash, randomBytes } from "node:crypto"\nexport const id = [randomBytes(8), createHash]`,
  `import * as node from "node:crypto"\nexport const id = node.randomUUID()`,
]
const handedIn = [
  `export const later = (now: number) => new Date(now)`,
  `import { createHash } from "node:crypto"\nexport const hash = createHash("sha256")`,
]
const chance: readonly Border[] = [
  ...["wechat", "login", "session", "user", "store", "http", "frameworks"].map(folder => ({
    name: `${folder} gets time and randomness handed in`,
    at: `${source}/${folder}`,
    rule: "plugin",
    says: "handed in",
    violating: timeAndChance,
    allowed: handedIn,
  })),
  {
    name: "no global crypto or performance in the folders",
    at: `${source}/session`,
    rule: globals,
    violating: [`export const id = crypto.randomUUID()`, `export const now = performance.now()`],
    allowed: handedIn,
  },
  ...["options.ts", "create-login.ts", "random.ts", "verifier/create-verifier.ts", "cli"].map(place => ({
    name: `time and randomness enter in ${place}`,
    at: `${source}/${place}`,
    rule: "plugin",
    violating: [`export const rows = (db: { all(sql: string): unknown }) => db.all("SELECT id FROM users")`],
    allowed: timeAndChance,
  })),
]

const statements = [
  `export const rows = "SELECT id FROM users WHERE id = ?"`,
  `export const rows = (table: string) => \`select id from \${table} where id = ?\``,
  "export const rows = `\n  INSERT INTO users (id) VALUES (?)`",
  `export const rows = 'insert or ignore into users values (?)'`,
  `export const rows = "UPDATE users SET id = ?"`,
  `export const rows = "DELETE FROM users"`,
  `export const rows = "CREATE TABLE users (id TEXT)"`,
  `export const rows = "PRAGMA journal_mode = WAL"`,
]
const prose = [
  `export const text = "Select one of these"`,
  `export const text = "update the store set in options"`,
  `export const text = "delete the folder, then create it"`,
]
const sql: readonly Border[] = [
  ...["store", "login", "session", "user", "http", "cli"].map(folder => ({
    name: `${folder} holds no SQL`,
    at: `${source}/${folder}`,
    rule: "plugin",
    says: "store/sql",
    violating: statements,
    allowed: prose,
  })),
  {
    name: "store/sql holds the SQL",
    at: `${source}/store/sql`,
    rule: "plugin",
    violating: [`export const now = Date.now()`],
    allowed: statements,
  },
]

/** Where network, environment, time, randomness and SQL may stand. */
export const entranceBorders: readonly Border[] = [...outside, ...environment, ...chance, ...sql]
