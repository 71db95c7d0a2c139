"""WeChat Pay, API v3: JSAPI, native and H5 payments, refunds, notices and daily bills.

Source: reliability.md 0.2; docs/adr/0013-own-payment-clients.md says why no library is used.
"""
