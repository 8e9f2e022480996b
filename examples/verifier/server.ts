import { requireUser } from "denglu/express"
import { createVerifier } from "denglu/verifier"
import express from "express"

const { LOGIN_URL, PORT = "4001" } = process.env
if (!LOGIN_URL) {
  console.error("Set LOGIN_URL to the address of the login server, for example http://127.0.0.1:3000")
  process.exit(1)
}

const verifier = createVerifier({
  jwksUrl: new URL("/.well-known/jwks.json", LOGIN_URL).href,
  issuer: "denglu",
  audience: "denglu",
})

const app = express()
app.get("/orders", requireUser(verifier), (req, res) => {
  res.json({ orders: [], of: req.user.id })
})

const server = app.listen(Number(PORT), "127.0.0.1", error => {
  if (error) throw error
  console.log("listening on", server.address())
})

process.once("SIGTERM", () => {
  server.close(() => verifier.close())
})
