/** Ends with 0 if the server in this container takes requests: the `HEALTHCHECK` of an image that has no curl. */
import { get } from "node:http"

const { PORT = "3000", DENGLU_BASE_PATH = "" } = process.env
const path = `${DENGLU_BASE_PATH.replace(/\/$/, "")}/readyz`

process.exitCode = 1
const request = get({ host: "127.0.0.1", port: PORT, path, timeout: 4_000 }, answer => {
  process.exitCode = answer.statusCode === 200 ? 0 : 1
  answer.resume()
})
request.on("timeout", () => request.destroy())
request.on("error", () => {})
