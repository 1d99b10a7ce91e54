"""The satisfaction index (SKM) of PermenPAN-RB 14/2017: computed, shown to the staff, published."""
