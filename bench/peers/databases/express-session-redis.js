// Express 5, express-session and connect-redis: the session is all there is; the openid is the user.
import { randomBytes } from "node:crypto"
import axios from "axios"
import { RedisStore } from "connect-redis"
import express from "express"
import session from "express-session"
import { createClient } from "redis"
import { serve } from "./serve.js"
import { month } from "./tokens.js"
import { parameters, sessionUrl } from "./upstream.js"

const client = createClient({ url: process.env.BENCH_REDIS })
await client.connect()
const store = new RedisStore({ client, prefix: `${process.pid}:` })
const app = express()
app.use(express.json())
app.use(
  session({
    store,
    secret: randomBytes(32).toString("hex"),
    resave: false,
    saveUninitialized: false,
    cookie: { maxAge: month },
  }),
)
app.post("/login", async (req, res) => {
  const { data } = await axios.get(sessionUrl, { params: parameters(req.body.code) })
  Object.assign(req.session, { openid: data.openid, sessionKey: data.session_key })
  res.json({ user: { id: data.openid } })
})
serve(app)
