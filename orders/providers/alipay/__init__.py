"""Alipay: page and WAP payments, refunds, notices and daily bills over its open gateway.

Source: reliability.md 0.2; docs/adr/0013-own-payment-clients.md says why no library is used.
"""
