// What most people write today: Express 5, axios, pg, two statements.
import axios from "axios"
import express from "express"
import { logInByTwoStatements, prepareIfAsked } from "./postgres.js"
import { serve } from "./serve.js"
import { parameters, sessionUrl } from "./upstream.js"

await prepareIfAsked()
const app = express()
app.use(express.json())
app.post("/login", async (req, res) => {
  const { data } = await axios.get(sessionUrl, { params: parameters(req.body.code) })
  res.json(await logInByTwoStatements(data))
})
serve(app)
