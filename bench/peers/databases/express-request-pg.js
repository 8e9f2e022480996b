// What tutorials for mini programs have taught for years: Express and request; with a database added, two statements.
import express from "express"
import request from "request"
import { logInByTwoStatements, prepareIfAsked } from "./postgres.js"
import { serve } from "./serve.js"
import { parameters, sessionUrl } from "./upstream.js"

await prepareIfAsked()
const app = express()
app.use(express.json())
app.post("/login", (req, res, next) => {
  request({ url: sessionUrl, qs: parameters(req.body.code), json: true }, (error, _response, data) => {
    if (error) next(error)
    else logInByTwoStatements(data).then(answer => res.json(answer), next)
  })
})
serve(app)
