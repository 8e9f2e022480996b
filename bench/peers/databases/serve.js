/** Tells the bench where an Express app listens. */
export function serve(app) {
  const server = app.listen(0, "127.0.0.1", () => console.log(`ready ${server.address().port}`))
  process.on("SIGTERM", () => process.exit(0))
}
