"""The Digital Calibration Certificate of PTB: schema 3.3.0 with D-SI 2.2, written from a snapshot and read from elsewhere.

Nothing here touches the database. Schemas are not ours and are not shipped: ``schema`` takes them from a folder.
"""
