"""Sums over figures that run on paper: no Django."""

from analytics.metrics.trade import change_bp, ratio_bp, share

__all__ = ["change_bp", "ratio_bp", "share"]
