"""What a dose does in the body: published models, the closed form that runs them, and bands that say how far to trust them.

Start at `model.py` (what a model is), then `band.forecast` (one prediction) and `chart.chart_forecast` (everything the live chart draws).
"""
