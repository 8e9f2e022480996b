/** Denglu's own routes, under /auth. */
export default defineEventHandler(async event => (await login()).fetch(toWebRequest(event)))
