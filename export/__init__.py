"""Turns a trained model into one `.tflite` file that runs on devices."""
