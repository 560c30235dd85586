"""Sign-in of the local cloud: seed users, the hosted pages and the OAuth endpoints that moto's Cognito lacks."""

from toolkit.localcloud.sign_in.access_tokens import token_for as token_for
from toolkit.localcloud.sign_in.service import create_sign_in as create_sign_in
from toolkit.localcloud.sign_in.user_pool import SignInError as SignInError
from toolkit.localcloud.sign_in.user_pool import create_seed_users as create_seed_users
