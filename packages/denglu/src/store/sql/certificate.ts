/**
 * Says why a database's certificate is not taken, and what to do. `undefined` if that is not what is wrong. Codes are Node's
 * (https://nodejs.org/api/tls.html#x509-certificate-error-codes); mysql2 replaces them by one of its own and keeps the words.
 *
 * @returns holds no part of the URL and nothing of the certificate
 */
export function describeCertificateError(error: Error): string | undefined {
  const { code } = error as { code?: unknown }
  const said = `${typeof code === "string" ? code : ""} ${error.message}`
  const found = certificateErrors.find(({ sign }) => sign.test(said))
  return found && `the server's certificate is refused: ${found.remedy}`
}

const certificateErrors = [
  {
    sign: /ALTNAME|altnames|HOSTNAME_MISMATCH/,
    remedy: "it was issued for another name. Write the host in DENGLU_STORE as the certificate names it",
  },
  {
    sign: /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|certificate has expired|certificate is not yet valid/,
    remedy:
      "it has expired or is not valid yet. Renew it on the server, and look at the clocks of both machines",
  },
  {
    sign: /SELF_SIGNED|self.signed certificate|UNABLE_TO_(GET|VERIFY)|unable to (get|verify)/,
    remedy:
      "its authority is unknown here. Start with NODE_EXTRA_CA_CERTS=FILE, the authority's certificate as PEM, which managed databases offer for download",
  },
] as const
