/** The phone's own document: a mini program's page and nothing else. */
export const phonePage = `<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title></title>
</head>
<body>
<script src="phone.js"></script>
</body>
</html>
`
