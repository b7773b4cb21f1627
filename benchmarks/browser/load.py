def measure(browser):
    raise NotImplementedError
