"""The HTML pages of sign-in: a form and a message, without scripts and external resources."""

from collections.abc import Mapping
from html import escape

from starlette.responses import HTMLResponse

from toolkit.localcloud.sign_in.user_pool import LOCAL_PASSWORD, seed_users

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { display: grid; min-height: 100vh; margin: 0; place-items: center }
main { width: min(22rem, 100% - 2rem) }
h1 { font-size: 1.5rem; margin: 0 0 1rem }
label { display: block; margin-top: .75rem }
input, button { box-sizing: border-box; width: 100%; padding: .6rem .75rem; font: inherit }
input, button { border: 1px solid #8888; border-radius: .4rem }
button { margin-top: 1.25rem; border: 0; background: #0b57d0; color: #fff; cursor: pointer }
.error { padding: .6rem .75rem; border-left: .25rem solid #c5221f; background: #c5221f1a }
.hint { margin-top: 1.5rem; font-size: .875rem; opacity: .8 }
"""
_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


def sign_in_page(action: str, hidden: Mapping[str, str], error: str | None = None, username: str = "") -> HTMLResponse:
    """Return the form; with status 401 after an error."""
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in hidden.items()
    )
    alert = f'<p class="error" role="alert">{escape(error)}</p>' if error else ""
    users = "<br>".join(f"<code>{escape(user.email)}</code>" for user in seed_users().values())
    body = f"""<h1>Sign in</h1>{alert}
<form method="post" action="{escape(action)}">{fields}
<label for="username">E-mail address</label>
<input id="username" name="username" type="email" autocomplete="username" required autofocus value="{escape(username)}">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Sign in</button>
</form>
<p class="hint">Users of the local stack:<br>{users}<br>Password: <code>{escape(LOCAL_PASSWORD)}</code></p>"""
    return _page("Sign in", body, 401 if error else 200)


def message_page(title: str, text: str, status: int) -> HTMLResponse:
    """Return a page with one message."""
    return _page(title, f"<h1>{escape(title)}</h1><p>{escape(text)}</p>", status)


def _page(title: str, body: str, status: int) -> HTMLResponse:
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    html = f"<head>{head}<style>{_STYLE}</style></head><body><main>{body}</main></body>"
    return HTMLResponse(f'<!doctype html><html lang="en">{html}</html>', status, _HEADERS)
