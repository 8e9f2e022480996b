// `check.js NAME`: the same GET /me as people build it today. Installed apart, so that the project's own tree stays small.
import { createSecretKey, randomBytes } from "node:crypto"
import { writeFileSync } from "node:fs"

const tokenCount = 1_000
const answer = { id: "0".repeat(26) }
const secret = randomBytes(32).toString("hex")

const writeHeaders = lines => writeFileSync(process.env.BENCH_HEADERS, `${lines.join("\n")}\n`)
const bearers = tokens => writeHeaders(tokens.map(token => `authorization: Bearer ${token}`))
const ready = server => console.log(`ready ${server.address().port}`)
const people = () => Array.from({ length: tokenCount }, (_, index) => `user-${index}`)
process.on("SIGTERM", () => process.exit(0))

const servers = {
  async "fastify-jwt"() {
    const { default: fastify } = await import("fastify")
    const { default: jwt } = await import("@fastify/jwt")
    const app = fastify()
    app.register(jwt, { secret })
    app.get("/me", { onRequest: request => request.jwtVerify() }, () => answer)
    await app.ready()
    bearers(people().map(sub => app.jwt.sign({ sub }, { expiresIn: "30m" })))
    await app.listen({ port: 0, host: "127.0.0.1" })
    ready(app.server)
  },

  "express-jwt-string": () => expressJwt(secret),
  "express-jwt-keyobject": () => expressJwt(createSecretKey(Buffer.from(secret))),

  async "express-session-redis"() {
    const { default: express } = await import("express")
    const { default: session } = await import("express-session")
    const { RedisStore } = await import("connect-redis")
    const { createClient } = await import("redis")
    const client = createClient({ url: process.env.BENCH_REDIS })
    await client.connect()
    const store = new RedisStore({ client, prefix: `${process.pid}:`, ttl: 600 })
    const app = express()
    app.use(session({ store, secret, resave: false, saveUninitialized: false }))
    app.post("/login", (req, res) => {
      req.session.userId = "user"
      res.json(answer)
    })
    app.get("/me", (req, res) => (req.session.userId ? res.json(answer) : res.status(401).end()))
    const server = app.listen(0, "127.0.0.1", async () => {
      const cookies = []
      for (let index = 0; index < tokenCount; index += 1) {
        const response = await fetch(`http://127.0.0.1:${server.address().port}/login`, { method: "POST" })
        cookies.push(response.headers.getSetCookie()[0].split(";")[0])
      }
      writeHeaders(cookies.map(cookie => `cookie: ${cookie}`))
      ready(server)
    })
  },

  async "hono-jose"() {
    const { Hono } = await import("hono")
    const { serve } = await import("@hono/node-server")
    const { jwtVerify, SignJWT } = await import("jose")
    // Imported once: with the bytes jose would import them for every token.
    const key = await crypto.subtle.importKey(
      "raw",
      Buffer.from(secret),
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign", "verify"],
    )
    const app = new Hono()
    app.use(async (context, next) => {
      const token = context.req.header("authorization")?.slice(7)
      if (token === undefined) return context.text("", 401)
      await jwtVerify(token, key)
      return next()
    })
    app.get("/me", context => context.json(answer))
    bearers(
      await Promise.all(
        people().map(sub =>
          new SignJWT({})
            .setProtectedHeader({ alg: "HS256" })
            .setSubject(sub)
            .setExpirationTime("30m")
            .sign(key),
        ),
      ),
    )
    serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, info => console.log(`ready ${info.port}`))
  },

  async "better-auth"() {
    const { createServer } = await import("node:http")
    const { betterAuth } = await import("better-auth")
    const { getMigrations } = await import("better-auth/db/migration")
    const { default: Database } = await import("better-sqlite3")
    const options = {
      database: new Database(":memory:"),
      baseURL: "http://127.0.0.1",
      secret,
      // Passwords are not what is measured, and a real hash would take minutes for so many people.
      emailAndPassword: {
        enabled: true,
        password: {
          hash: async password => password,
          verify: async ({ hash, password }) => hash === password,
        },
      },
      rateLimit: { enabled: false },
      logger: { disabled: true },
      telemetry: { enabled: false },
    }
    await (await getMigrations(options)).runMigrations()
    const auth = betterAuth(options)
    const cookies = []
    for (let index = 0; index < tokenCount; index += 1) {
      const response = await auth.api.signUpEmail({
        body: { email: `user${index}@example.com`, password: randomBytes(12).toString("hex"), name: "user" },
        asResponse: true,
      })
      cookies.push(response.headers.getSetCookie()[0].split(";")[0])
    }
    writeHeaders(cookies.map(cookie => `cookie: ${cookie}`))
    const server = createServer(async (req, res) => {
      const session = await auth.api.getSession({
        headers: new Headers({ cookie: req.headers.cookie ?? "" }),
      })
      const body = JSON.stringify(answer)
      if (session === null) res.writeHead(401).end()
      else res.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body)
    })
    server.listen(0, "127.0.0.1", () => ready(server))
  },
}

async function expressJwt(key) {
  const { default: express } = await import("express")
  const { default: jwt } = await import("jsonwebtoken")
  const app = express()
  app.get(
    "/me",
    (req, res, next) => {
      try {
        req.auth = jwt.verify(req.headers.authorization.slice(7), key)
        next()
      } catch {
        res.status(401).end()
      }
    },
    (_req, res) => res.json(answer),
  )
  bearers(people().map(sub => jwt.sign({ sub }, key, { expiresIn: "30m" })))
  const server = app.listen(0, "127.0.0.1", () => ready(server))
}

await servers[process.argv[2]]()
