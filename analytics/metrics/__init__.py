"""Sums over figures that run on paper: no Django."""

from analytics.metrics.roi import Group, gained_fen, roi_bp
from analytics.metrics.trade import change_bp, ratio_bp, share

__all__ = ["Group", "change_bp", "gained_fen", "ratio_bp", "roi_bp", "share"]
