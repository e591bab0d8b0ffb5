"""From a prompt to frames: read it, paint its layers once, then move, light and finish them.

Pictures are planes of BT.709 limited-range YUV 4:2:0, the form the encoder takes: a layer costs
half of what it would in RGB, and no frame is ever converted.
"""
