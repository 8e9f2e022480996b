/** `check.ts NAME`: GET /me behind a token that has been seen before. One of the servers in the table below. */
import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { requireUser as expressUser } from "denglu/express"
import { requireUser as fastifyUser } from "denglu/fastify"
import express from "express"
import fastify from "fastify"
import { listen, tellReady, writeHeaders } from "./listen.ts"
import { loggedIn } from "./our-login.ts"

const { login, tokens } = await loggedIn()
writeHeaders(tokens.map(token => `authorization: Bearer ${token}`))

/** What all of them answer; those that don't know the user answer one of the same length. */
const nobody = "0".repeat(26)

function answer(res: ServerResponse, id: string): void {
  const body = JSON.stringify({ id })
  res
    .writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) })
    .end(body)
}

const servers: Readonly<Record<string, () => void>> = {
  "node-bare"() {
    listen(
      createServer((req, res) => {
        if (req.headers.authorization === undefined) res.writeHead(401).end()
        else answer(res, nobody)
      }),
    )
  },

  "node-ours"() {
    listen(
      createServer((req, res) => {
        try {
          const user = login.authenticate(req.headers.authorization)
          if (user instanceof Promise) user.then(({ userId }) => answer(res, userId))
          else answer(res, user.userId)
        } catch (error) {
          const { status, headers, body } = login.problem(error)
          res.writeHead(status, headers).end(body)
        }
      }),
    )
  },

  "express-bare"() {
    const app = express()
    app.get(
      "/me",
      (req, res, next) => {
        if (req.headers.authorization === undefined) res.status(401).end()
        else next()
      },
      (_req, res) => {
        res.json({ id: nobody })
      },
    )
    listen(createServer(app))
  },

  "express-ours"() {
    const app = express()
    app.get("/me", expressUser(login), (req, res) => {
      res.json({ id: req.user.id })
    })
    listen(createServer(app))
  },

  "fastify-bare"() {
    const app = fastify()
    app.get(
      "/me",
      {
        onRequest(request, reply, done) {
          if (request.headers.authorization === undefined) reply.code(401).send()
          else done()
        },
      },
      () => ({ id: nobody }),
    )
    listenFastify(app)
  },

  "fastify-ours"() {
    const app = fastify()
    app.get("/me", { onRequest: fastifyUser(login) }, request => ({ id: request.user.id }))
    listenFastify(app)
  },
}

function listenFastify(app: ReturnType<typeof fastify>): void {
  app.listen({ port: 0, host: "127.0.0.1" }).then(() => {
    tellReady((app.server.address() as AddressInfo).port)
    process.on("SIGTERM", () => process.exit(0))
  })
}

const start = servers[process.argv[2] ?? ""]
if (start === undefined) throw new Error(`one of ${Object.keys(servers).join(", ")}`)
start()
